import type { HostileServer } from './server.ts';
import type { Random } from '../emulator/random.ts';

/** What a case has to do with, and tells of what it met. */
export interface CaseContext {
  readonly random: Random;
  readonly server: HostileServer;
  /** Counts how something ended. */
  readonly count: (end: string) => void;
}

/** A random attack on a part of the core. It throws where something is not as it has to be. */
export type FuzzCase = (context: CaseContext) => Promise<void>;

/** A wait that is longer than any that is left once it was cancelled, in milliseconds. */
const patienceMs = 20_000;

/** The one that is in no hurry, see `fastTime.ts`. */
const { setTimeout } = globalThis;

/** What comes of work that has been told to end. @throws {Error} when it does not. */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('a wait without an end')), patienceMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
