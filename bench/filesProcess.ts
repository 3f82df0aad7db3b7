// Measures transfers and a bare client, one after the other; prints the figures.
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { RemoteEngine } from '../src/exec/remoteShell/remoteEngine.ts';
import { RemoteShell } from '../src/exec/remoteShell/remoteShell.ts';
import { download } from '../src/files/download.ts';
import { RemoteFiles } from '../src/files/remoteFiles.ts';
import { upload } from '../src/files/upload.ts';
import { heldMemory } from './memory.ts';
import { BareClient, type BareTarget } from './peers/bareClient.ts';
import { BareTransfers } from './peers/bareTransfers.ts';

export interface FilesProcessOptions {
  readonly bare: BareTarget;
  readonly rounds: number;
  /** Of a file that is transferred. */
  readonly bytes: number;
  /** Of one that people transfer with `tar` and base64. */
  readonly tarBytes: number;
  readonly stats: number;
  /** How many files a folder has that is listed. */
  readonly folderFiles: number;
}

/** Rates in MB/s, times in milliseconds. */
export interface FilesProcessFigures {
  readonly down: {
    readonly ours: readonly number[];
    readonly cat: readonly number[];
    readonly tar: readonly number[];
  };
  readonly up: {
    readonly ours: readonly number[];
    readonly raw: readonly number[];
    readonly tar: readonly number[];
  };
  readonly stat: { readonly ours: readonly number[]; readonly bare: readonly number[] };
  readonly list: { readonly ours: readonly number[]; readonly bare: readonly number[] };
  /** How far the memory grew that is held during a transfer, at most, in bytes. */
  readonly heldGrowth: { readonly down: number; readonly up: number };
  /** The longest that all of it held up everything else. */
  readonly longestBlockMs: number;
}

const {
  bare: target,
  rounds,
  bytes,
  tarBytes,
  stats,
  folderFiles,
} = JSON.parse(process.argv[2] ?? '') as FilesProcessOptions; // the parent's own
const never = new AbortController().signal;
const client = new BareClient(target);
const bare = new BareTransfers(client);
const engine = new RemoteEngine((signal) =>
  RemoteShell.open({
    connectTimeoutMs: 60_000,
    keepAliveMs: 0,
    signal,
    request: (command, size) => client.request(command, size),
  }),
);
const files = new RemoteFiles(engine);
const local = await mkdtemp(path.join(os.tmpdir(), 'bench-'));
let longestBlockMs = 0;

/** Does our own work, and tells how long it took; nothing else may be held up meanwhile. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const startedAt = performance.now();
  await work();
  const took = performance.now() - startedAt;
  delays.disable();
  longestBlockMs = Math.max(longestBlockMs, delays.max / 1e6);
  return took;
}

const rate = (size: number, took: number) => size / 1e3 / took;

/** The memory that is held at each tenth of a transfer, above that before it. */
async function held(transfer: (onProgress: (done: number) => void) => Promise<unknown>): Promise<number> {
  const before = heldMemory();
  let most = 0;
  let next = bytes / 10;
  await transfer((done) => {
    if (done >= next) {
      next += bytes / 10;
      most = Math.max(most, heldMemory() - before);
    }
  });
  return most;
}

/** Writes random bytes, a part at a time. */
async function writeRandom(file: string): Promise<void> {
  const handle = await open(file, 'w');
  for (let left = bytes; left > 0; left -= 1e6) {
    await handle.write(randomBytes(Math.min(left, 1e6)));
  }
  await handle.close();
}

const home = (await engine.script('pwd', { signal: never, isRepeatable: true })).text.toString();
const make = `head -c ${bytes} /dev/urandom >big;head -c ${tarBytes} big >small;mkdir -p many;cd many;seq ${folderFiles}|xargs touch`;
await engine.script(make, { signal: never, isRepeatable: true, limitMs: 120_000 });
const [from, to] = [path.join(local, 'from'), path.join(local, 'to')];
await writeRandom(from);
const listLine = "cd many;stat -c '%n/%f %s %Y %y' -- *;cd ..";
const statLine = `stat -c '%f %s %Y %y' -- '${home}/big'`;
const downloadBig = (onProgress?: (done: number) => void) =>
  download(files, `${home}/big`, to, { signal: never, ...(onProgress && { onProgress }) });
const uploadBig = (onProgress?: (done: number) => void) =>
  upload(files, from, `${home}/up`, { signal: never, ...(onProgress && { onProgress }) });

// Each is loaded, and the size of frames found out, once.
await files.stat(home, never);
await files.list(`${home}/many`, never);
await uploadBig();
await downloadBig();
const down = { ours: [] as number[], cat: [] as number[], tar: [] as number[] };
const up = { ours: [] as number[], raw: [] as number[], tar: [] as number[] };
const stat = { ours: [] as number[], bare: [] as number[] };
const list = { ours: [] as number[], bare: [] as number[] };
for (let round = 0; round < rounds; round++) {
  down.ours.push(rate(bytes, await timed(() => downloadBig())));
  down.cat.push(rate(bytes, await client.cat('big', bytes)));
  down.tar.push(rate(tarBytes, await bare.tarOut('small')));
  up.ours.push(rate(bytes, await timed(() => uploadBig())));
  up.raw.push(rate(bytes, await bare.send(bytes, 'raw')));
  up.tar.push(rate(tarBytes, await bare.tarIn(tarBytes)));
  for (let count = 0; count < stats; count++) {
    const startedAt = performance.now();
    await files.stat(`${home}/big`, never);
    stat.ours.push(performance.now() - startedAt);
  }
  stat.bare.push(...(await bare.output(statLine, stats)));
  list.ours.push(await timed(() => files.list(`${home}/many`, never)));
  list.bare.push(...(await bare.output(listLine, 1)));
}
const figures: FilesProcessFigures = {
  ...{ down, up, stat, list },
  longestBlockMs,
  heldGrowth: { down: await held(downloadBig), up: await held(uploadBig) },
};
const clean = 'rm -rf big small many up raw unpacked';
await engine.script(clean, { signal: never, isRepeatable: true });
engine.dispose();
client.close();
await rm(local, { recursive: true });
console.log(JSON.stringify(figures));
