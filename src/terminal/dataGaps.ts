/** How much is shown between two gaps, in UTF-16 units. */
const mostGathered = 3 * 1024 * 1024;

/** VS Code passes on what it has gathered once nothing has come for 50 ms; this is what it takes to see that, in milliseconds. */
const gapMs = 70;

/**
 * When the terminal needs a moment without output. VS Code gathers what a shell's command prints, for extensions that
 * may read it, until nothing has come for 50 ms: `Event.accumulate` in its `mainThreadTerminalShellIntegration.ts`. Of a
 * flood that is all of it, in one message of any size, and the prompt after Ctrl-C waits behind that.
 */
export class DataGaps {
  private gathered = 0;
  private shownAt = Number.NEGATIVE_INFINITY;

  /** Counts what is written; `isGathered` is whether a command of the shell prints it. */
  add(length: number, isGathered: boolean): void {
    this.gathered = isGathered ? this.gathered + length : 0;
    this.shownAt = performance.now();
  }

  /** The terminal has shown something. */
  shown(): void {
    this.shownAt = performance.now();
  }

  get isDue(): boolean {
    return this.gathered >= mostGathered;
  }

  /** How long a gap has to last still when all is shown, in milliseconds. */
  get leftMs(): number {
    return Math.max(0, this.shownAt + gapMs - performance.now());
  }

  /** There has been one, or none is needed. */
  over(): void {
    this.gathered = 0;
  }
}
