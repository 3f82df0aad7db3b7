import { onAbort } from './cancellation.ts';

/** Lets a few run at a time, the rest in order of asking. */
export class Limiter {
  private free: number;
  private readonly waiting = new Set<() => void>();

  constructor(count: number) {
    this.free = count;
  }

  /** Runs when there is room. @throws what `signal` was aborted with, at once if it still waits. */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.enter(signal);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private async enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.free > 0) {
      this.free--;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const listener = onAbort(signal, (reason) => {
        this.waiting.delete(enter);
        reject(reason);
      });
      const enter = () => {
        listener.dispose();
        resolve();
      };
      this.waiting.add(enter);
    });
  }

  private leave(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      this.free++;
    } else {
      this.waiting.delete(next);
      next();
    }
  }
}
