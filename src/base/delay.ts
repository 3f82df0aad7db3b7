import { onAbort } from './cancellation.ts';
import { timerMs } from './clock.ts';

/** Waits for some milliseconds. @throws what the signal is aborted with, at once. */
export async function delay(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timerMs(ms));
  const listener = onAbort(signal, reject);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    listener.dispose();
  }
}
