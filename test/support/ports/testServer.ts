import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Random } from '../../emulator/random.ts';

/** What goes through one connection, and who ends it first. */
export interface Plan {
  /** Bytes from the client, and from the server. */
  readonly up: number;
  readonly down: number;
  /** With `counted`, the server ends when it has all that is to come, and the client after it. */
  readonly end: 'client' | 'server' | 'counted';
  readonly seed: number;
}

interface Exchange {
  readonly plan: Plan;
  readonly up: Buffer;
  readonly down: Buffer;
  readonly received: (data: Buffer) => void;
}

/** What a client meets whose connection is reset: the second where it writes just then. */
const resets: readonly unknown[] = ['ECONNRESET', 'EPIPE'];

/** The number of its exchange, which a client sends first. */
const headerBytes = 4;

/** A server on this computer whose clients take part in a plan. */
export class TestServer {
  readonly port: number;
  private readonly server: net.Server;
  private readonly sockets = new Set<net.Socket>();
  private readonly exchanges = new Map<number, Exchange>();
  private count = 0;

  private constructor(server: net.Server, port: number) {
    this.server = server;
    this.port = port;
  }

  static async start(): Promise<TestServer> {
    const server = net.createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const started = new TestServer(server, address.port);
    server.on('connection', (socket) => started.serve(socket));
    return started;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.sockets.forEach((socket) => socket.destroy());
    await closed;
  }

  /** The next connection that comes. */
  async next(): Promise<net.Socket> {
    const [socket] = (await once(this.server, 'connection')) as [net.Socket]; // as Node says
    return socket;
  }

  /** Takes part in a plan through a local port; whether both sides got what was sent, or the connection was reset. */
  async exchange(localPort: number, plan: Plan): Promise<'equal' | 'reset'> {
    const number = this.count++;
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32BE(number);
    const up = Buffer.concat([header, content(plan.up, plan.seed)]);
    const down = content(plan.down, plan.seed + 1);
    const received = new Promise<Buffer>((resolve) => {
      this.exchanges.set(number, { plan, up, down, received: resolve });
    });
    const socket = net.connect({ port: localPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    // It may come at any time, also after all that came down.
    const failure = Promise.withResolvers<never>();
    failure.promise.catch(() => undefined);
    socket.on('error', failure.reject);
    const unlessReset = <T>(work: Promise<T>) => Promise.race([work, failure.promise]);
    try {
      const sent = sendPieces(socket, up, plan.seed + 2);
      sent.catch(() => undefined); // the end tells it too
      if (plan.end === 'client') {
        sent.then(
          () => socket.end(),
          () => undefined,
        );
      }
      const got = await unlessReset(untilEnd(socket));
      await unlessReset(sent);
      socket.end();
      assert.ok(got.equals(down), `${got.length} bytes came down, of ${down.length}`);
      const arrived = await unlessReset(received);
      assert.ok(arrived.equals(up), `${arrived.length} bytes came up, of ${up.length}`);
      return 'equal';
    } catch (error) {
      if (error instanceof Error && 'code' in error && resets.includes(error.code)) {
        return 'reset';
      }
      throw error;
    } finally {
      socket.destroy();
      this.exchanges.delete(number);
    }
  }

  private serve(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined); // it closes then
    const pieces: Buffer[] = [];
    let length = 0;
    let exchange: Exchange | undefined;
    let sent: Promise<void> | undefined;
    const finish = () => void sent?.then(() => socket.end());
    socket.on('data', (data: Buffer) => {
      pieces.push(data);
      length += data.length;
      if (exchange === undefined && length >= headerBytes) {
        exchange = this.exchanges.get(Buffer.concat(pieces).readUInt32BE());
        sent = exchange === undefined ? undefined : sendPieces(socket, exchange.down, exchange.plan.seed + 3);
        sent?.catch(() => undefined);
        if (exchange?.plan.end === 'server') {
          finish();
        }
      }
      if (exchange?.plan.end === 'counted' && length >= exchange.up.length) {
        exchange.received(Buffer.concat(pieces));
        finish();
      }
    });
    socket.on('end', () => {
      exchange?.received(Buffer.concat(pieces));
      finish();
    });
  }
}

async function untilEnd(socket: net.Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  socket.on('data', (data: Buffer) => pieces.push(data));
  await once(socket, 'end');
  return Buffer.concat(pieces);
}

/** Sends in pieces of any size, some of them together. */
async function sendPieces(socket: net.Socket, data: Buffer, seed: number): Promise<void> {
  const random = new Random(seed);
  let rest = data;
  while (rest.length > 0 && !socket.destroyed) {
    const piece = rest.subarray(0, 1 + random.below(random.below(2) === 0 ? 100 : 60_000));
    rest = rest.subarray(piece.length);
    if (!socket.write(piece)) {
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    } else if (random.below(3) > 0) {
      await setImmediate();
    }
  }
}

/** Random bytes, among them much that is hard for shells and terminals. */
function content(size: number, seed: number): Buffer {
  const random = new Random(seed);
  const hard = Buffer.from('\0\x01\x03\x04\x11\x13\x1a\n\r\\\'"$`%-ab;/');
  return Buffer.from(
    Array.from({ length: size }, () =>
      random.below(2) === 0 ? random.below(256) : (hard[random.below(hard.length)] ?? 0),
    ),
  );
}
