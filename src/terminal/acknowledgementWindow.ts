import { modeQuery } from './reports.ts';

/** The longest that what is in flight may take to be shown, in milliseconds: Ctrl-C waits behind it. */
const targetMs = 150;

/** The least and the most in flight, in UTF-16 units as all sizes here. */
const minSize = 64 * 1024;
const maxSize = 4 * 1024 * 1024;
const firstSize = 256 * 1024;

/** The longest wait for a report, in milliseconds. */
const firstPatienceMs = 1_000;

/** A terminal that has answered before is busy then, or nobody looks at it: the wait doubles, up to this, in milliseconds. */
const longestPatienceMs = 16_000;

/** An answer that has not come after this is lost, in milliseconds. */
const longestWaitMs = 2 * longestPatienceMs;

/** Reports that come no further apart than this were sent together, and the last one has the time that they took, in milliseconds. */
const burstMs = 5;

/** What is shown in no time, in UTF-16 units. */
const smallPiece = 4 * 1024;

/** Without output for this long, all of it is taken to be shown, in milliseconds. */
const quietMs = 1_000;

/** How often the way to the terminal and back is measured, in milliseconds. */
const wayEveryMs = 10_000;

/** How many unanswered queries are remembered with their time; of older ones only the mode is known. */
const maxQueries = 64;

/** A mode query (DECRQM): xterm.js answers `CSI ? mode ; 0 $ y` for any mode that it does not know. */
interface Query {
  readonly mode: number;
  /** All that was written up to it. */
  readonly position: number;
  /** How much was in flight up to it. */
  readonly ahead: number;
  readonly sentAt: number;
}

/**
 * How much may be in flight to a terminal: written, and not shown yet as far as its answers to mode queries tell. The
 * window is what the terminal shows in about 150 ms; it may be overdrawn by one piece.
 */
export class AcknowledgementWindow {
  private written = 0;
  private shown = 0;
  private size = firstSize;
  private sizeBeforeBurst = firstSize;
  private answeredAt = Number.NEGATIVE_INFINITY;
  private queries: Query[] = [];
  private askedAt = 0;
  private lastAskedAt = Number.NEGATIVE_INFINITY;
  /** Modes of eight digits are nobody's; each terminal starts at a number of its own, with more left than it will ask about. */
  private nextMode = 10_000_000 + Math.floor(Math.random() * 40_000_000);
  private oldestUnanswered = this.nextMode;
  private writtenAt = 0;
  private wayAskedAt = Number.NEGATIVE_INFINITY;
  /** How long an answer takes when there is nothing to show before it, in milliseconds. */
  private wayMs = Number.POSITIVE_INFINITY;
  private hasAnswered = false;
  private patienceMs = firstPatienceMs;

  /** What the terminal shows in about 150 ms, as far as is known. */
  get shownInAMoment(): number {
    return this.size;
  }

  get isOpen(): boolean {
    return this.written - this.shown < this.size;
  }

  /** Whether an answer is to come. */
  get isAsking(): boolean {
    return this.oldestUnanswered < this.nextMode && performance.now() - this.lastAskedAt < longestWaitMs;
  }

  /** Whether a mode was asked for and not answered yet. */
  expects(mode: number): boolean {
    return mode >= this.oldestUnanswered && mode < this.nextMode;
  }

  /** Counts what is about to be written; tells whether it is time for a query in it. */
  add(length: number): boolean {
    const now = performance.now();
    if (!this.isAsking && now - this.writtenAt > quietMs) {
      this.shown = this.written;
    }
    const isQuiet = this.shown === this.written;
    this.writtenAt = now;
    this.written += length;
    if (isQuiet && now - this.wayAskedAt > wayEveryMs) {
      this.wayAskedAt = now;
      return true;
    }
    return this.written - this.askedAt >= this.size / 4;
  }

  /** The query to put in, `beforeEnd` units before the end of what was added last. */
  ask(beforeEnd: number): string {
    const mode = this.nextMode++;
    const position = this.written - beforeEnd;
    this.askedAt = this.written;
    this.lastAskedAt = performance.now();
    this.queries.push({ mode, position, ahead: position - this.shown, sentAt: this.lastAskedAt });
    if (this.queries.length > maxQueries) {
      this.queries.shift();
    }
    return modeQuery(mode);
  }

  /** The terminal has shown all up to a query, and so up to every earlier one. */
  acknowledge(mode: number): void {
    this.hasAnswered = true;
    this.patienceMs = firstPatienceMs;
    this.oldestUnanswered = mode + 1;
    const query = this.queries.find((asked) => asked.mode === mode);
    this.queries = this.queries.filter((asked) => asked.mode > mode);
    if (query !== undefined) {
      this.shown = Math.max(this.shown, query.position);
      this.fit(query);
    }
  }

  /** How long to wait until `length` units are taken to be shown without a report, in milliseconds. */
  waitMs(length: number): number {
    return this.isAsking ? this.patienceMs : this.paceMs(length);
  }

  /** That wait is over. */
  assumeShown(length: number): void {
    if (this.isAsking) {
      this.patienceMs = this.hasAnswered
        ? Math.min(this.patienceMs * 2, longestPatienceMs)
        : this.paceMs(length);
      this.askedAt = Number.NEGATIVE_INFINITY; // the last query may be lost
    }
    this.shown += length;
  }

  /** How long the terminal takes to show `length` units, as far as is known, in milliseconds. */
  private paceMs(length: number): number {
    return (targetMs * length) / this.size;
  }

  /** Sizes the window by how long it took to show what was ahead of a query. */
  private fit({ ahead, sentAt }: Query): void {
    const now = performance.now();
    const tookMs = Math.max(1, now - sentAt);
    if (ahead < smallPiece) {
      this.wayMs = Math.min(this.wayMs, tookMs);
      return;
    }
    if (now - this.answeredAt > burstMs) {
      this.sizeBeforeBurst = this.size;
    }
    this.answeredAt = now;
    const size = this.sizeBeforeBurst;
    const wayMs = Number.isFinite(this.wayMs) ? this.wayMs : 0;
    const fitting = (ahead * (targetMs + wayMs)) / tookMs;
    if (fitting < size) {
      this.size = Math.max(minSize, fitting);
    } else {
      // Only a window that was used shows that a larger one would be.
      this.size = ahead > size / 2 ? Math.min(maxSize, fitting, size * 2) : size;
    }
  }
}
