import type { Clock } from '../base/clock.ts';

/** The time between two polls while there is news, in milliseconds. */
export const shortestWaitMs = 1_000;

/** The time between two polls of a log that has been quiet for a while, in milliseconds. */
const longestWaitMs = 10_000;

/** The fewest lines that are asked for. */
const fewest = 16;

/** When to poll, and for how many lines: the more, the more the last poll makes likely. */
export class PollPace {
  private readonly now: Clock;
  private current = shortestWaitMs;
  private linesPerMs = 0;
  private lastAt: number;

  constructor(now: Clock) {
    this.now = now;
    this.lastAt = now();
  }

  /** The time until the next poll, in milliseconds. */
  get waitMs(): number {
    return this.current;
  }

  /** How many lines to ask for, so that `overlap` lines that are known come before the new ones. */
  tail(overlap: number): number {
    const likely = this.linesPerMs * (this.now() - this.lastAt);
    return Math.max(fewest, overlap + Math.ceil(likely * 1.25) + 3);
  }

  /** The first poll, sent at `sentAt`, brought what was there already: that says nothing of how much is to come. */
  began(sentAt: number): void {
    this.lastAt = sentAt;
  }

  /** A poll that was sent at `sentAt` brought so many new lines. */
  answered(fresh: number, sentAt: number): void {
    this.linesPerMs = fresh / Math.max(shortestWaitMs, sentAt - this.lastAt);
    this.lastAt = sentAt;
    if (fresh > 0) {
      this.current = shortestWaitMs;
    } else {
      this.slowDown();
    }
  }

  /** A poll brought nothing. */
  slowDown(): void {
    this.current = Math.min(2 * this.current, longestWaitMs);
  }
}
