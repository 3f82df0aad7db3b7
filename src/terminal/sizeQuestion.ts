import { modeQuery, type Report } from './reports.ts';

/** The modes that a terminal may be asked about for this, which the flow control does not come to. */
const firstMode = 95_000_000;
const modes = 4_000_000;

/** An answer that has not come after this is taken to be lost, in milliseconds: a terminal may be busy for a while. */
const longestWaitMs = 30_000;

/**
 * Asks a terminal for its size between two queries of modes that are nobody's: a size that it reports between its
 * answers to these is one to us, and any other one is a program's. So neither is taken for the other, be it late or
 * lost.
 */
export class SizeQuestion {
  private readonly before = firstMode + 2 * Math.floor((Math.random() * modes) / 2);
  private readonly after = this.before + 1;
  private isNext = false;
  private askedAt = Number.NEGATIVE_INFINITY;
  private unanswered = 0;

  /** Whether an answer is to come. */
  get isAsking(): boolean {
    return this.unanswered > 0 && performance.now() - this.askedAt < longestWaitMs;
  }

  /** The queries to write, with nothing between them. */
  ask(): string {
    this.unanswered = this.isAsking ? this.unanswered + 1 : 1;
    this.askedAt = performance.now();
    return `${modeQuery(this.before)}\x1b[18t${modeQuery(this.after)}`;
  }

  /** Whether a report is one to us; asked of each report in order. */
  isAnswer(report: Report): boolean {
    if (report.kind === 'size') {
      const isAnswer = this.isNext;
      this.isNext = false;
      return isAnswer;
    }
    this.isNext = report.mode === this.before;
    this.unanswered -= report.mode === this.after && this.unanswered > 0 ? 1 : 0;
    return report.mode === this.before || report.mode === this.after;
  }
}
