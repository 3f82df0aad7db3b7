import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from '../test/emulator/emulator.ts';
import type { Delays } from '../test/emulator/scenario.ts';
import { roundTripMs } from './engine.ts';
import type { FilesProcessFigures, FilesProcessOptions } from './filesProcess.ts';

export interface FilesFigures {
  readonly near: FilesProcessFigures;
  /** The same with {@link roundTripMs} for each round trip, and a service that takes its time for a session. */
  readonly far: FilesProcessFigures;
}

/** Transfers and a bare client side by side, in a plain Node of their own. */
export async function measureFiles(
  emulator: Emulator,
  far: Delays,
  options: FilesProcessOptions,
): Promise<FilesFigures> {
  const near = await inProcess(emulator.caPath, options);
  emulator.setTimings({ ...far, latencyMs: roundTripMs / 2 });
  const { rounds, stats } = options;
  const fewer = { ...options, rounds: Math.ceil(rounds / 2), stats: Math.ceil(stats / 10) };
  const figures = { near, far: await inProcess(emulator.caPath, fewer) };
  emulator.reset();
  return figures;
}

async function inProcess(caPath: string, options: FilesProcessOptions): Promise<FilesProcessFigures> {
  const file = path.join(import.meta.dirname, 'filesProcess.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(options)], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caPath },
  });
  return JSON.parse(stdout) as FilesProcessFigures; // what filesProcess.ts prints
}
