import { onAbort, untilAborted } from './cancellation.ts';
import { timerMs } from './clock.ts';

/**
 * Runs work whose signal is aborted when `signal` is, or after `limitMs` milliseconds. Both end the wait even where the
 * work does not heed its signal; nothing is left behind when it settles.
 * @throws `timedOut()` when the limit is reached, what `signal` was aborted with, or what the work throws.
 */
export async function withTimeLimit<T>(
  signal: AbortSignal,
  limitMs: number,
  timedOut: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const listener = onAbort(signal, (reason) => controller.abort(reason));
  const timer = setTimeout(() => controller.abort(timedOut()), timerMs(limitMs));
  try {
    controller.signal.throwIfAborted();
    return await untilAborted(work(controller.signal), controller.signal);
  } catch (error) {
    // What the work makes of the abortion tells less than its reason.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    listener.dispose();
  }
}
