import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from '../test/emulator/emulator.ts';
import type { Delays } from '../test/emulator/scenario.ts';
import { roundTripMs } from './engine.ts';
import type { PortsProcessFigures, PortsProcessOptions } from './portsProcess.ts';

export interface PortsFigures {
  readonly near: PortsProcessFigures;
  /** The same with {@link roundTripMs} for each round trip, and a service that takes its time for a session. */
  readonly far: PortsProcessFigures;
}

/** A forwarded connection and a bare client side by side, in a plain Node of their own. */
export async function measurePorts(
  emulator: Emulator,
  far: Delays,
  options: PortsProcessOptions,
): Promise<PortsFigures> {
  const near = await inProcess(emulator.caPath, options);
  emulator.setTimings({ ...far, latencyMs: roundTripMs / 2 });
  const fewer = { ...options, roundTrips: Math.ceil(options.roundTrips / 10) };
  const figures = { near, far: await inProcess(emulator.caPath, fewer) };
  emulator.reset();
  return figures;
}

async function inProcess(caPath: string, options: PortsProcessOptions): Promise<PortsProcessFigures> {
  const file = path.join(import.meta.dirname, 'portsProcess.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(options)], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: caPath },
  });
  return JSON.parse(stdout) as PortsProcessFigures; // what portsProcess.ts prints
}
