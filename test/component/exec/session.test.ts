import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import { AzureError } from '../../../src/azure/errors.ts';
import { inputPace } from '../../../src/exec/input.ts';
import { ExecSession, type SessionState } from '../../../src/exec/session.ts';
import { createTls, type Tls } from '../../emulator/tls.ts';

describe('ExecSession', () => {
  let files: Tls;
  let server: Server;
  let sockets: WebSocketServer;
  let uri = '';

  before(async () => {
    files = await createTls();
    tls.setDefaultCACertificates([...tls.getCACertificates(), readFileSync(files.caPath, 'utf8')]);
    server = createServer(files);
    sockets = new WebSocketServer({ server, autoPong: false });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // Its port is known once it listens on TCP.
    uri = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/execstream/sessionId/1?rows=24&cols=80`;
  });
  after(async () => {
    sockets.close();
    server.close();
    await rm(files.folder, { recursive: true });
  });

  function session(signal = new AbortController().signal, keepAliveMs = 0) {
    const output: Buffer[] = [];
    const states: SessionState[] = [];
    const made = new ExecSession({ pace: inputPace('Linux'), connectTimeoutMs: 30_000, keepAliveMs, signal });
    made.onData((data) => output.push(data));
    made.onDidChangeState((state) => states.push(state));
    const run = (webSocketUri = uri, password = 'p') => {
      assert.equal(made.state, 'idle');
      return made.run(() => Promise.resolve({ webSocketUri, password }));
    };
    return { made, output, states, run };
  }

  function serve(behave: (socket: WebSocket) => void): void {
    sockets.once('connection', behave);
  }

  it('sends the password first, as TEXT, then what is typed once it is open, as BINARY', async () => {
    const frames: { readonly text: string; readonly isBinary: boolean }[] = [];
    serve((socket) => {
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        frames.push({ text: data.toString(), isBinary });
        if (frames.length === 2) {
          socket.close(1000);
        }
      });
    });
    const { made, states, run } = session();
    made.write('lost'); // nobody takes it yet
    made.onDidChangeState((state) => {
      if (state === 'open') {
        made.write('l');
        made.write('s\r');
      }
    });
    assert.deepEqual(await run(uri, 'secret[[EOM]]'), { kind: 'closed' });
    assert.deepEqual(states, ['requesting', 'connecting', 'open', 'ended']);
    assert.deepEqual(frames, [
      { text: 'secret[[EOM]]', isBinary: false },
      { text: 'ls\r', isBinary: true },
    ]);
  });

  it('takes TEXT and BINARY as bytes, also where they cut a character, and ignores empty messages', async () => {
    const rocket = Buffer.from('🚀');
    serve((socket) => {
      socket.send(Buffer.alloc(0));
      socket.send('text ');
      socket.send(rocket.subarray(0, 1));
      socket.send(Buffer.alloc(0));
      socket.send(rocket.subarray(1));
      socket.send(rocket.subarray(0, 2));
      socket.close(1000);
    });
    const { output, run } = session();
    await run();
    const [whole, part] = [Buffer.from('text 🚀'), rocket.subarray(0, 2)];
    assert.deepEqual(Buffer.concat(output), Buffer.concat([whole, part]));
  });

  it('a flood lets all else have its turn', async () => {
    serve((socket) => {
      socket.send(Buffer.alloc(0));
      const last = 600;
      for (let frame = 0; frame <= last; frame++) {
        socket.send(Buffer.alloc(16 * 1024), frame === last ? () => socket.close(1000) : undefined);
      }
    });
    const { made, run } = session();
    let inTurn = 0;
    let most = 0;
    made.onData((data) => {
      if (inTurn === 0) {
        setImmediate(() => (inTurn = 0));
      }
      inTurn += data.length;
      most = Math.max(most, inTurn);
    });
    await run();
    assert.ok(most < 512 * 1024, `${most} bytes in one turn`);
  });

  it('tells a broken connection from an ended one', async () => {
    serve((socket) => socket.terminate());
    const end = await session().run();
    assert.ok(end.kind === 'lost');
    assert.equal(end.code, '1006');
  });

  it('a peer that never answers pings keeps its session', async () => {
    serve((socket) => {
      let pings = 0;
      socket.on('ping', () => {
        if (++pings === 10) {
          socket.close(1000);
        }
      });
    });
    const end = await session(undefined, 5).run();
    assert.deepEqual(end, { kind: 'closed' });
  });

  it('a peer that answered pings and stopped is silent', async () => {
    serve((socket) => {
      socket.once('ping', (data) => socket.pong(data));
    });
    const end = await session(undefined, 5).run();
    assert.deepEqual(end, { kind: 'silent' });
  });

  it('tells how long nothing but pings had come or gone when the connection broke', async (context) => {
    let time = performance.now();
    let wallTime = Date.now();
    const pass = (minutes: number) => {
      time += minutes * 60_000;
      wallTime += minutes * 60_000;
    };
    context.mock.method(performance, 'now', () => time);
    context.mock.method(Date, 'now', () => wallTime);
    const { made, run } = session(undefined, 5);
    serve((socket) => {
      socket.once('message', () => {
        pass(1);
        made.write('x'); // typing starts the count anew
        socket.once('message', () => {
          pass(9);
          wallTime -= 3_600_000; // somebody sets it
          socket.once('ping', () => socket.terminate());
        });
      });
    });
    const end = await run();
    assert.deepEqual(end, { kind: 'lost', code: '1006', idleMs: 9 * 60_000 });
  });

  it('opens wss:// only, and names no query in its errors', async () => {
    const addresses = [
      uri.replace('wss:', 'ws:'),
      uri.replace('wss:', 'https:'),
      `${uri}#fragment`,
      'wss://',
      'wss://[',
      'nonsense',
    ];
    for (const address of addresses) {
      await assert.rejects(
        session().run(address),
        (error) =>
          error instanceof AzureError &&
          error.problem.kind === 'unexpected' &&
          /exec address/.test(error.problem.detail) &&
          !/rows|127/.test(error.message),
      );
    }
  });

  it('ends at once when it is cancelled', async () => {
    const controller = new AbortController();
    serve(() => controller.abort());
    const end = await session(controller.signal).run();
    assert.deepEqual(end, { kind: 'cancelled' });
    if (sockets.clients.size > 0) {
      const [client] = sockets.clients;
      assert.ok(client);
      await once(client, 'close');
    }
  });
});
