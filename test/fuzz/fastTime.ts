/** Timers of the core go off so many times sooner: a case has no time to wait out what is silent. */
const factor = 50;

/** Does work whose timers are in a hurry. */
export async function inFastTime<T>(work: () => Promise<T>): Promise<T> {
  const { setTimeout } = globalThis;
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const sooner = (callback: () => void, ms = 0) => setTimeout(callback, ms / factor);
  globalThis.setTimeout = sooner as typeof setTimeout; // the core passes no arguments
  AbortSignal.timeout = (ms) => timeout(ms / factor);
  try {
    return await work();
  } finally {
    globalThis.setTimeout = setTimeout;
    AbortSignal.timeout = timeout;
  }
}
