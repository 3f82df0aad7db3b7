import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { NoRelayTool } from '../../src/ports/errors.ts';
import { PortForward } from '../../src/ports/portForward.ts';
import type { Random } from '../emulator/random.ts';
import { inTime, type FuzzCase } from './cases.ts';
import { FarEnd, type Io } from './farEnd.ts';
import { inFastTime } from './fastTime.ts';
import { kindOf } from './guard.ts';
import { hostileTexts, pick, randomBytes } from './mutations.ts';

/** Connections to a port whose server sends back what it gets: what comes whole is right, and all of them end. */
export const ports: FuzzCase = ({ random, server, count }) =>
  inFastTime(async () => {
    const far: FarEnd = new FarEnd(random, server, async (source, io) => {
      if (source.includes('command -v base64')) {
        const tool = pick(random, ['perl', 'python3', 'nc', 'socat', 'bash']);
        return { text: far.said(`${tool}\n${random.below(2) === 0 ? 'blocks' : ''}`), code: 0 };
      }
      await echo(source, io, far, random);
      return { text: far.said(''), code: 0 };
    });
    const engine = far.engine();
    const cancelled = new AbortController();
    let forward: PortForward | undefined;
    const clients: Promise<void>[] = [];
    try {
      const started = PortForward.start({ engine, port: 80, localPorts: [0], signal: cancelled.signal });
      const timer = delay(5_000, undefined, { ref: false }).then(() => cancelled.abort());
      await inTime(Promise.race([started, timer]));
      forward = await inTime(started);
      forward.onDidMeetTrouble((trouble) =>
        count(trouble.kind === 'session' ? kindOf(trouble.error) : trouble.end),
      );
      for (let number = random.below(4); number >= 0; number--) {
        clients.push(call(forward.localPort, random, far, count));
      }
      await inTime(Promise.race([Promise.all(clients), delay(random.below(800), undefined, { ref: false })]));
    } catch (error) {
      assert.ok(!(error instanceof assert.AssertionError), error as Error);
      count(error instanceof NoRelayTool ? error.name : kindOf(error));
    }
    forward?.dispose();
    await inTime(Promise.all(clients));
    engine.dispose();
    far.close();
  });

/** One client, which sends something and reads to the end. */
async function call(port: number, random: Random, far: FarEnd, count: (end: string) => void): Promise<void> {
  const sent = randomBytes(random, random.below(pick(random, [1, 200, 40_000])));
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const got: Buffer[] = [];
  const end = { isWhole: false };
  socket.on('data', (data: Buffer) => got.push(data));
  socket.on('end', () => (end.isWhole = true));
  socket.on('error', () => (end.isWhole = false));
  if (random.below(6) === 0) {
    setTimeout(() => socket.resetAndDestroy(), random.below(2_000));
  }
  socket.end(sent);
  await once(socket, 'close').catch(() => undefined);
  const isTrue = far.fault === 'none' || (far.fault === 'way' && far.tool !== undefined);
  if (isTrue && end.isWhole) {
    assert.ok(Buffer.concat(got).equals(sent), 'other data than the server sent');
  }
  if (far.fault === 'none') {
    assert.ok(sent.subarray(0, Buffer.concat(got).length).equals(Buffer.concat(got)));
  }
  count(end.isWhole ? `whole of ${far.fault}` : `reset of ${far.fault}`);
}

/** The relay with such a server behind it, see `relaySource.ts`. */
async function echo(source: string, io: Io, far: FarEnd, random: Random): Promise<void> {
  const [, token = ''] = /a([0-9a-f]{16}):\*\)/.exec(source) ?? [];
  const say = (kind: string, text: string) => {
    const told = far.said(text);
    io.raw(`\x01${token}${kind}${told}/${told};`);
  };
  if (far.isTrouble(10)) {
    say('f', '');
    return;
  }
  say('s', '');
  const served: Buffer[] = [];
  let [next, first, sum] = [1, '', ''];
  for (let isOver = false; !isOver;) {
    const line = await io.line();
    if (line.startsWith(`a${token}:`)) {
      first = line;
      continue;
    }
    if (!line.startsWith(`b${token}:`)) {
      continue;
    }
    if (`b${first.slice(1)}` !== line) {
      say('r', `${next}:${sum}`);
      continue;
    }
    const [, number = '', work = ''] = /^[^:]*:(\d+):(.*)$/s.exec(line) ?? [];
    if (Number(number) === next) {
      next++;
      sum = '';
      let data: Buffer = Buffer.alloc(0);
      if (work.startsWith('d')) {
        data = printed(work.slice(1));
      } else if (work.startsWith('b')) {
        data = Buffer.from((await io.take(Number(work.slice(1)))).toString('latin1'), 'base64');
        [sum = ''] = far.tool === undefined ? [''] : far.sumOf(data).split(' ');
      } else {
        isOver = true;
      }
      served.push(data);
      io.raw(data);
      if (far.isTrouble(30)) {
        io.raw(pick(random, hostileTexts));
      }
    }
    say('a', `${next}:${sum}`);
  }
  const [end = ''] = far.sumOf(Buffer.concat(served)).split(' ');
  say('e', end);
  say('e', end);
}

/** What `printf` makes of a format of `printfFormat`. */
function printed(format: string): Buffer {
  const text = format.replace(/\\([0-7]{3})|%%/g, (_, octal: string | undefined) =>
    octal === undefined ? '%' : String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(text, 'latin1');
}
