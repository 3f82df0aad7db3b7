import { setImmediate } from 'node:timers/promises';

/** Loads in a turn of the event loop of its own: a part of the SDK takes up to 30 ms, and what else waits goes first. */
export async function inOwnTurn<T>(load: () => Promise<T>): Promise<T> {
  await setImmediate();
  return load();
}
