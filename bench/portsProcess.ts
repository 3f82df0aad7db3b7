// Measures a forwarded connection and a bare client, one after the other; prints the figures.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { RemoteEngine } from '../src/exec/remoteShell/remoteEngine.ts';
import { RemoteShell } from '../src/exec/remoteShell/remoteShell.ts';
import { PortForward } from '../src/ports/portForward.ts';
import { FloodClock } from './flood.ts';
import { BareClient, type BareTarget } from './peers/bareClient.ts';

export interface PortsProcessOptions {
  readonly bare: BareTarget;
  readonly rounds: number;
  readonly roundTrips: number;
  readonly downBytes: number;
}

/** Times in milliseconds. */
export interface PortsProcessFigures {
  /** What the image has for it. */
  readonly tool: string;
  /** From the first byte of much that a server sends to the last. */
  readonly down: { readonly ours: readonly number[]; readonly bare: readonly number[] };
  /** A message and its echo; of the bare client, a line and its answer. */
  readonly roundTrip: { readonly ours: readonly number[]; readonly bare: readonly number[] };
  /** From the connection to the first byte of the answer to what it sends at once. */
  readonly first: readonly number[];
}

const options = JSON.parse(process.argv[2] ?? '') as PortsProcessOptions; // the parent's own
const { rounds, roundTrips, downBytes } = options;
const never = new AbortController().signal;
const bare = new BareClient(options.bare);
/** In the home of the container. */
const file = 'served';
const payload = randomBytes(downBytes);

/** Sends much for `D`, and all else back. */
const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (data: Buffer) => {
    if (data[0] === 'D'.charCodeAt(0)) {
      socket.end(payload);
    } else {
      socket.write(data);
    }
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

async function connect(): Promise<net.Socket> {
  const socket = net.connect({ port: forward.localPort, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

async function down(): Promise<number> {
  const clock = new FloodClock();
  const socket = await connect();
  let bytes = 0;
  socket.on('data', (data: Buffer) => {
    clock.start();
    bytes += data.length;
    if (bytes >= downBytes) {
      clock.stop();
    }
  });
  socket.write('D');
  await once(socket, 'close');
  return clock.tookMs;
}

/** The times of round trips; the first one has the connection in it. */
async function echoes(): Promise<readonly number[]> {
  const times: number[] = [];
  let startedAt = performance.now();
  const socket = await connect();
  for (let count = 0; count <= roundTrips; count++) {
    socket.write('x'.repeat(100));
    for (let left = 100; left > 0;) {
      const [data] = (await once(socket, 'data')) as [Buffer]; // as Node says
      left -= data.length;
    }
    const now = performance.now();
    times.push(now - startedAt);
    startedAt = now;
  }
  socket.end();
  await once(socket, 'close');
  return times;
}

const engine = new RemoteEngine((signal) =>
  RemoteShell.open({
    connectTimeoutMs: 60_000,
    keepAliveMs: 0,
    signal,
    request: (command, size) => bare.request(command, size),
  }),
);
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;
await engine.script(`head -c ${downBytes} /dev/urandom >${file}`, { signal: never, isRepeatable: true });
const forward = await PortForward.start({ engine, port, localPorts: [0], signal: never });
await echoes(); // opens the spare session, and loads what is loaded once
const downs = { ours: [] as number[], bare: [] as number[] };
const roundTrip = { ours: [] as number[], bare: [] as number[] };
const first: number[] = [];
for (let round = 0; round < rounds; round++) {
  const [opening = 0, ...others] = await echoes();
  first.push(opening);
  roundTrip.ours.push(...others);
  roundTrip.bare.push(...(await bare.answers(':', roundTrips)));
  downs.ours.push(await down());
  downs.bare.push(await bare.cat(file, downBytes));
}
const figures: PortsProcessFigures = { tool: forward.tools.tool, down: downs, roundTrip, first };
forward.dispose();
engine.dispose();
server.close();
bare.close();
console.log(JSON.stringify(figures));
