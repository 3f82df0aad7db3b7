import { askedPauseMs, AzureError } from '../azure/errors.ts';
import { clock, type Clock } from '../base/clock.ts';
import { delay } from '../base/delay.ts';
import { OutputDamaged, RemoteShellLost, RemoteShellUnavailable } from '../exec/remoteShell/errors.ts';

/** What a transfer waits before it tries again, in milliseconds; it gives up after the last. */
const waitsMs = [0, 0, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];

/** How long a transfer tries again, in milliseconds: what is silent takes long to be given up each time. */
const patienceMs = 60_000;

/** How often something may come damaged before anything comes whole. */
const maxDamaged = 60;

/** Whether something else may come of another try. */
function isPassing(error: unknown): boolean {
  if (error instanceof AzureError) {
    return ['unreachable', 'brokenOff', 'timedOut', 'throttled', 'notAzure'].includes(error.problem.kind);
  }
  return (
    error instanceof OutputDamaged ||
    (error instanceof RemoteShellLost && error.reason !== 'tooLong') ||
    (error instanceof RemoteShellUnavailable && error.reason === 'noAnswer')
  );
}

/** Lets a transfer try again, for as long as something comes of it now and then. */
export class Retries {
  private lost = 0;
  private damaged = 0;
  private lostAt: number | undefined;
  private readonly patience: number;
  private readonly now: Clock;

  constructor(patience = patienceMs, now: Clock = clock) {
    this.patience = patience;
    this.now = now;
  }

  /** Something has come through. */
  progressed(): void {
    this.lost = 0;
    this.damaged = 0;
    this.lostAt = undefined;
  }

  /** Waits until it is time for another try. @throws the error itself where there is none. */
  async after(error: unknown, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!isPassing(error)) {
      throw error;
    }
    if (error instanceof OutputDamaged) {
      if (++this.damaged > maxDamaged) {
        throw error;
      }
      return;
    }
    const waitMs = waitsMs[this.lost++];
    const pauseMs = askedPauseMs(error);
    this.lostAt ??= this.now();
    if (waitMs === undefined || this.now() - this.lostAt + pauseMs >= this.patience) {
      throw error;
    }
    await delay(Math.max(waitMs, pauseMs), signal);
  }
}

/** Does work again for as long as something else may come of it. */
export async function retried<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  retries = new Retries(),
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      await retries.after(error, signal);
    }
  }
}
