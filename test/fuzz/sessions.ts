import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { inputPace } from '../../src/exec/input.ts';
import { plainCommandLine } from '../../src/exec/commandLine.ts';
import { ShellFallback } from '../../src/exec/shellFallback.ts';
import type { Random } from '../emulator/random.ts';
import { inTime, type FuzzCase } from './cases.ts';
import { kindOf } from './guard.ts';
import { hostileTexts, pick, randomBytes } from './mutations.ts';

const codes = [1000, 1001, 1003, 1007, 1008, 1011, 1014, 3000, 4999] as const;

/** Sends random frames, then ends in some way. */
async function serve(random: Random, socket: WebSocket, sent: Buffer[]): Promise<void> {
  for (let frame = 0, frames = random.below(20); frame < frames; frame++) {
    const bytes =
      random.below(3) === 0
        ? Buffer.from(pick(random, hostileTexts))
        : randomBytes(random, random.below(3_000));
    sent.push(bytes);
    socket.send(bytes, { binary: random.below(4) !== 0 });
    if (random.below(3) === 0) {
      await delay(random.below(4));
    }
  }
  switch (random.below(5)) {
    case 0:
      socket.terminate();
      break;
    case 1:
      break; // until it is cancelled
    default:
      socket.close(pick(random, codes), 'x'.repeat(random.below(100)));
  }
}

/** What answers a request for a websocket. */
export const refusals = [
  'HTTP/1.1 401 Unauthorized\r\n\r\n',
  'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 302 Found\r\nlocation: wss://elsewhere.example\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
  'nonsense\r\n\r\n',
  '',
] as const;

/** What is no address of a session, or of none that is there. */
export const oddAddresses = [
  'ws://127.0.0.1/',
  'wss://127.0.0.1:1/',
  'wss://%zz/',
  'wss://127.0.0.1/#fragment',
  'wss://user:password@127.0.0.1:1/',
  '',
  ...hostileTexts,
] as const;

/** What comes after a handshake, but is no websocket traffic. */
export const nonsense = [
  Buffer.from([0xff, 0xff, 0xff]),
  Buffer.from([0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
  Buffer.from([0x8f, 0x00]),
  Buffer.from('HTTP/1.1 200 OK\r\n\r\n'),
] as const;

/** Any socket and any keys: the run ends in words of ours, and what came is all that is passed on, in order. */
export const sessions: FuzzCase = async ({ random, server, count }) => {
  const sockets = new WebSocketServer({ noServer: true });
  const sent: Buffer[] = [];
  const serving: Promise<void>[] = [];
  server.behaviour = {
    request: (_request, _body, response) => response.destroy(),
    upgrade: (request, socket, head) => {
      if (random.below(6) === 0) {
        socket.end(pick(random, refusals));
        return;
      }
      sockets.handleUpgrade(request, socket, head, (opened) => {
        opened.on('error', () => opened.terminate());
        if (random.below(8) === 0) {
          socket.write(pick(random, nonsense));
          return;
        }
        serving.push(serve(random, opened, sent));
      });
    },
  };
  const controller = new AbortController();
  const shell = new ShellFallback({
    pace: inputPace(random.below(2) === 0 ? 'Linux' : 'Windows'),
    connectTimeoutMs: random.below(8) === 0 ? 1 : 5_000,
    keepAliveMs: random.below(2) === 0 ? 0 : 5,
    signal: controller.signal,
  });
  const got: Uint8Array[] = [];
  shell.onData((data) => got.push(data));
  const uri = random.below(8) === 0 ? pick(random, oddAddresses) : `wss://${server.host}/exec?a=secret`;
  const run = shell
    .run([plainCommandLine('/bin/sh')], () =>
      Promise.resolve({ webSocketUri: uri, password: pick(random, ['p', ...hostileTexts]) }),
    )
    .then(
      (end) => {
        count(end.kind);
        const output = Buffer.concat(got);
        const all = Buffer.concat(sent);
        assert.ok(all.subarray(0, output.length).equals(output), 'another output than was sent');
        if (end.kind === 'closed' || end.kind === 'refused' || end.kind === 'serviceEnded') {
          assert.equal(output.length, all.length);
        }
      },
      (error: unknown) => count(kindOf(error)),
    );
  for (let step = 0, steps = random.below(6); step < steps; step++) {
    switch (random.below(4)) {
      case 0:
        shell.write(pick(random, hostileTexts).slice(0, 2_000));
        break;
      case 1:
        shell.pause();
        break;
      case 2:
        shell.resume();
        break;
      default:
        await Promise.race([run, delay(random.below(15))]);
    }
  }
  shell.resume();
  await Promise.race([run, delay(150 + random.below(50), undefined, { ref: false })]);
  controller.abort();
  await inTime(run);
  await inTime(Promise.allSettled(serving));
  sockets.clients.forEach((client) => client.terminate());
  sockets.close();
};
