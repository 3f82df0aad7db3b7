import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from '../test/emulator/emulator.ts';
import type { Delays } from '../test/emulator/scenario.ts';
import type { EngineProcessFigures, EngineProcessOptions } from './engineProcess.ts';

/** What the network adds to a round trip, in milliseconds. */
export const roundTripMs = 100;

export interface EngineFigures {
  readonly near: EngineProcessFigures;
  /** The same with {@link roundTripMs} for each round trip, and a service that takes its time for a session. */
  readonly far: EngineProcessFigures;
}

/** The engine and a bare client side by side, in a plain Node of their own. */
export async function measureEngine(
  emulator: Emulator,
  far: Delays,
  options: EngineProcessOptions,
): Promise<EngineFigures> {
  const figures = { near: await inProcess(emulator.caPath, options) };
  emulator.setTimings({ ...far, latencyMs: roundTripMs / 2 });
  const { lines, rounds } = options;
  const fewer = { ...options, lines: Math.ceil(lines / 10), rounds: Math.ceil(rounds / 2) };
  const result = { ...figures, far: await inProcess(emulator.caPath, fewer) };
  emulator.reset();
  return result;
}

async function inProcess(caPath: string, options: EngineProcessOptions): Promise<EngineProcessFigures> {
  const file = path.join(import.meta.dirname, 'engineProcess.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(options)], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caPath },
  });
  return JSON.parse(stdout) as EngineProcessFigures; // what engineProcess.ts prints
}
