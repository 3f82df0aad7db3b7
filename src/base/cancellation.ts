import type { Disposable } from './disposableStore.ts';

/** Whether the error only says that somebody cancelled. */
export function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What a cancelled wait rejects with. */
export function cancellation(why = 'Cancelled'): DOMException {
  return new DOMException(why, 'AbortError');
}

/** Calls the listener once the signal is aborted, at once if it is already, until the result is disposed. */
export function onAbort(signal: AbortSignal, listener: (reason: Error) => void): Disposable {
  // A reason may be anything; all of ours, and the platform's own, are errors.
  const abort = () => listener(signal.reason instanceof Error ? signal.reason : cancellation());
  if (signal.aborted) {
    abort();
    return { dispose: () => undefined };
  }
  signal.addEventListener('abort', abort, { once: true });
  return { dispose: () => signal.removeEventListener('abort', abort) };
}

/**
 * Waits for work, but no longer than until the signal is aborted. The work itself is not stopped.
 * @throws what the signal was aborted with.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const listener = onAbort(signal, reject);
  try {
    return await Promise.race([work, promise]);
  } finally {
    listener.dispose();
  }
}
