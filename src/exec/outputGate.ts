import { AnswerFilter } from './answerFilter.ts';
import { condense } from './condense.ts';
import { GroundTracker } from './groundTracker.ts';

/** What lies on either side of the gate. */
export interface GateEnds {
  /** Shows output in the terminal. */
  write(text: string): void;
  /** Takes what was typed; the terminal's answers to the gate are taken out. */
  type(text: string): void;
  /** Asks the session to read no further. Called again for output that comes all the same. */
  pause(): void;
  resume(): void;
  /** As `condense` needs it. */
  linesKept(): number;
}

/** How long what is in flight may take to be shown, in milliseconds: Ctrl-C waits behind it. */
const targetMs = 150;

/** The least and the most in flight, in UTF-16 units as all sizes here. */
const minWindow = 64 * 1024;
const maxWindow = 4 * 1024 * 1024;
const firstWindow = 256 * 1024;

/** How much is written at most in one piece; the window is overdrawn by less than that. */
const maxPiece = 64 * 1024;

/** How long an answer may stay out before a piece goes on without it, in milliseconds. */
const patienceMs = 1_000;

/** A terminal that has answered before is busy then, or nobody looks at it: the wait doubles, up to this, in milliseconds. */
const longestPatienceMs = 16_000;

/** A session that was paused so lately, in milliseconds, has output waiting in the network. */
const recentMs = 500;

/** After an interrupt, output is read without showing any until none has come for so long, in milliseconds; */
const quietMs = 20;

/** or for so long in all, in milliseconds; */
const longestCatchUpMs = 500;

/** or until so much is held that cannot be left out. */
const mostHeld = 4 * 1024 * 1024;

/** Ctrl-C, Ctrl-Z and Ctrl-\: the terminal's driver in the container throws away what it has not sent yet, as we do. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const interrupt = /[\x03\x1a\x1c]/;

/** How many unanswered queries are remembered with their time; of older ones only the number is known. */
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
 * Flow control between a session and a terminal that has none.
 *
 * VS Code's pseudoterminals take any amount of output and show it when they can. The gate asks the terminal every
 * now and then how far it has come, by a query that nobody sees, and pauses the session while more is unanswered
 * than the terminal shows in about 150 ms. Megabytes may still wait in the network then: an interrupt has them read at
 * once, and lines that nobody could ever see left out. One gate serves all sessions of a terminal, one after the other, and
 * everything written to the terminal goes through it.
 */
export class OutputGate {
  private readonly ends: GateEnds;
  private readonly tracker = new GroundTracker();
  /** Output that the terminal is not ready for, in order. */
  private held: string[] = [];
  private written = 0;
  private shown = 0;
  private window = firstWindow;
  private queries: Query[] = [];
  private askedAt = 0;
  /** Modes of eight digits are nobody's; each terminal starts at a number of its own. */
  private nextMode = 10_000_000 + Math.floor(Math.random() * 80_000_000);
  private oldestUnanswered = this.nextMode;
  private fastestMs = Number.POSITIVE_INFINITY;
  private answered = false;
  private patience = patienceMs;
  private timer: NodeJS.Timeout | undefined;
  private pausedAt = Number.NEGATIVE_INFINITY;
  /** When catching up with the output ends at the latest; undefined but for the moments after an interrupt. */
  private catchUpEnd: number | undefined;
  private readonly answers = new AnswerFilter(
    (mode) => mode >= this.oldestUnanswered && mode < this.nextMode,
    { onTyped: (text) => this.typed(text), onAnswer: (mode) => this.acknowledge(mode) },
  );

  constructor(ends: GateEnds) {
    this.ends = ends;
  }

  /** Shows output, at once or when the terminal is ready for it. */
  output(text: string): void {
    const wasHolding = this.held.length > 0;
    this.hold(text);
    if (this.catchUpEnd !== undefined) {
      this.catchUp(this.catchUpEnd);
      return;
    }
    if (!wasHolding) {
      this.release();
    }
    this.pauseIfHolding();
  }

  /** Passes on what was typed, without the answers to the gate's own queries. */
  input(data: string): void {
    this.answers.input(data, this.isAsking);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.answers.dispose();
    this.held = [];
  }

  private typed(text: string): void {
    if (performance.now() - this.pausedAt < recentMs && interrupt.test(text)) {
      this.catchUp(performance.now() + longestCatchUpMs);
      this.ends.resume();
    }
    this.ends.type(text);
  }

  /** Lets output come in without showing it, until it has been quiet or `end` has come; leaves out what it can then. */
  private catchUp(end: number): void {
    this.catchUpEnd = end;
    clearTimeout(this.timer);
    if (performance.now() < end && this.heldLength < mostHeld) {
      this.timer = setTimeout(() => this.caughtUp(), quietMs);
    } else {
      this.caughtUp();
    }
  }

  private caughtUp(): void {
    this.catchUpEnd = undefined;
    if (this.tracker.isGround) {
      const text = condense(this.held.join(''), this.ends.linesKept());
      this.held = [];
      this.hold(text);
    }
    this.release();
    this.pauseIfHolding();
  }

  private pauseIfHolding(): void {
    if (this.held.length > 0) {
      this.pausedAt = performance.now();
      this.ends.pause();
    }
  }

  private hold(text: string): void {
    this.held.push(...(text.length > maxPiece ? pieces(text) : [text]));
  }

  private get heldLength(): number {
    return this.held.reduce((length, piece) => length + piece.length, 0);
  }

  private get inFlight(): number {
    return this.written - this.shown;
  }

  /** Writes what there is room for; pauses the session while something is left. */
  private release(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.inFlight < this.window) {
      const piece = this.held.shift();
      if (piece === undefined) {
        return;
      }
      this.write(piece);
    }
    if (this.held.length > 0) {
      this.timer = setTimeout(() => this.goOn(), this.isAsking ? this.patience : this.paceMs);
    }
  }

  /** No answer has come, or none is to come: the terminal is taken to have shown one piece. */
  private goOn(): void {
    if (this.isAsking) {
      this.patience = this.answered ? Math.min(this.patience * 2, longestPatienceMs) : this.paceMs;
      this.askedAt = Number.NEGATIVE_INFINITY; // the last query may be lost
    }
    this.shown += maxPiece;
    this.releaseMore();
  }

  /** Whether an answer is to come. */
  private get isAsking(): boolean {
    return this.oldestUnanswered < this.nextMode;
  }

  /** How long a terminal takes for one piece as far as is known, in milliseconds. */
  private get paceMs(): number {
    return (targetMs * maxPiece) / this.window;
  }

  private write(piece: string): void {
    const place = this.tracker.follow(piece);
    this.written += piece.length;
    if (place < 0 || this.written - this.askedAt < this.window / 4) {
      this.ends.write(piece);
      return;
    }
    const mode = this.nextMode++;
    const position = this.written - (piece.length - place);
    this.askedAt = this.written;
    this.queries.push({ mode, position, ahead: position - this.shown, sentAt: performance.now() });
    if (this.queries.length > maxQueries) {
      this.queries.shift();
    }
    this.ends.write(`${piece.slice(0, place)}\x1b[?${mode}$p${piece.slice(place)}`);
  }

  /** The terminal has shown all up to a query, and so up to every earlier one. */
  private acknowledge(mode: number): void {
    this.answered = true;
    this.patience = patienceMs;
    this.oldestUnanswered = mode + 1;
    const query = this.queries.find((asked) => asked.mode === mode);
    this.queries = this.queries.filter((asked) => asked.mode > mode);
    if (query !== undefined) {
      this.shown = Math.max(this.shown, query.position);
      this.fit(query.ahead, Math.max(1, performance.now() - query.sentAt));
    }
    this.releaseMore();
  }

  /** Sizes the window by how long `ahead` took; the fastest answer tells how much of that is the way and back. */
  private fit(ahead: number, tookMs: number): void {
    this.fastestMs = Math.min(this.fastestMs, tookMs);
    const fitting = (ahead * (targetMs + this.fastestMs)) / tookMs;
    if (fitting < this.window) {
      this.window = Math.max(minWindow, fitting);
    } else if (ahead > this.window / 2) {
      // Only a window that was used shows that a larger one would be.
      this.window = Math.min(maxWindow, fitting, this.window * 2);
    }
  }

  private releaseMore(): void {
    if (this.catchUpEnd !== undefined) {
      return;
    }
    const wasHolding = this.held.length > 0;
    this.release();
    if (wasHolding && this.held.length === 0) {
      this.ends.resume();
    }
  }
}

/** Cuts text where no character of two units is. */
function* pieces(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = start + maxPiece;
    const isPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    yield text.slice(start, (start = isPair ? end - 1 : end));
  }
}
