import { AcknowledgementWindow } from './acknowledgementWindow.ts';
import { AnswerFilter, modeAnswer } from './answerFilter.ts';
import { condense, curtail } from './condense.ts';
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

/** How much is written at most in one piece, in UTF-16 units as all sizes here. */
const maxPiece = 64 * 1024;

/** Ctrl-C, Ctrl-Z and Ctrl-\: the terminal's driver in the container throws away what it has not sent yet, as we do. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const interrupt = /[\x03\x1a\x1c]/;

/** A session that was paused so lately, in milliseconds, has output waiting in the network. */
const recentMs = 500;

/** After an interrupt, output is read without showing any until none has come for so long, in milliseconds; */
const quietMs = 20;

/** or for so long in all, in milliseconds; */
const longestCatchUpMs = 500;

/** or until so much is held. */
const mostHeld = 16 * 1024 * 1024;

/** What is left of it is shown in a moment: so much at most. */
const mostShown = 512 * 1024;

/**
 * Flow control between a session and a terminal that has none.
 *
 * VS Code's pseudoterminals take any amount of output and show it when they can. The gate asks the terminal every
 * now and then how far it has come, by a query that nobody sees, and pauses the session while too much is unanswered.
 * Megabytes may still wait in the network then: an interrupt has them read at once, lines that nobody could ever see
 * left out, and of what is still too much only the end shown. One gate serves all sessions of a terminal, one after the other, and everything written to the
 * terminal goes through it.
 */
export class OutputGate {
  private readonly ends: GateEnds;
  private readonly tracker = new GroundTracker();
  private readonly window = new AcknowledgementWindow();
  private readonly answers = new AnswerFilter(modeAnswer, {
    expects: (mode) => this.window.expects(mode),
    onTyped: (text) => this.typed(text),
    onAnswer: (mode) => {
      this.window.acknowledge(mode);
      this.releaseMore();
    },
  });
  /** Output that the terminal is not ready for, in order. */
  private held: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private pausedAt = Number.NEGATIVE_INFINITY;
  /** While output is being caught up with, in the moments after an interrupt: until when at the latest, and how much came. */
  private catchingUp: { readonly end: number; length: number } | undefined;

  constructor(ends: GateEnds) {
    this.ends = ends;
  }

  /** Shows output, at once or when the terminal is ready for it. */
  output(text: string): void {
    const wasHolding = this.held.length > 0;
    this.hold(text);
    if (this.catchingUp !== undefined) {
      this.catchingUp.length += text.length;
      this.catchUp(this.catchingUp);
      return;
    }
    if (!wasHolding) {
      this.release();
    }
    this.pauseIfHolding();
  }

  /** Passes on what was typed, without the answers to the gate's own queries. */
  input(data: string): void {
    this.answers.input(data, this.window.isAsking);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.answers.dispose();
    this.held = [];
  }

  private hold(text: string): void {
    this.held.push(...(text.length > maxPiece ? pieces(text) : [text]));
  }

  /** Writes what there is room for; the rest waits for an answer, or for its time. */
  private release(): void {
    clearTimeout(this.timer);
    while (this.window.isOpen) {
      const piece = this.held.shift();
      if (piece === undefined) {
        return;
      }
      this.write(piece);
    }
    if (this.held.length > 0) {
      this.timer = setTimeout(() => {
        this.window.assumeShown(maxPiece);
        this.releaseMore();
      }, this.window.waitMs(maxPiece));
    }
  }

  private write(piece: string): void {
    if (!this.window.add(piece.length)) {
      this.tracker.pass(piece);
      this.ends.write(piece);
      return;
    }
    const place = this.tracker.follow(piece);
    this.ends.write(
      place < 0 ? piece : piece.slice(0, place) + this.window.ask(piece.length - place) + piece.slice(place),
    );
  }

  private releaseMore(): void {
    const wasHolding = this.held.length > 0;
    if (this.catchingUp === undefined) {
      this.release();
    }
    if (wasHolding && this.held.length === 0) {
      this.ends.resume();
    }
  }

  private pauseIfHolding(): void {
    if (this.held.length > 0) {
      this.pausedAt = performance.now();
      this.ends.pause();
    }
  }

  private typed(text: string): void {
    const isWaiting = this.held.length > 0 || performance.now() - this.pausedAt < recentMs;
    if (isWaiting && interrupt.test(text)) {
      this.catchUp({ end: performance.now() + longestCatchUpMs, length: 0 });
      this.ends.resume();
    }
    this.ends.type(text);
  }

  /** Lets output come in without showing it, until it has been quiet or the end has come. */
  private catchUp(state: NonNullable<OutputGate['catchingUp']>): void {
    this.catchingUp = state;
    clearTimeout(this.timer);
    if (performance.now() < state.end && state.length < mostHeld) {
      this.timer = setTimeout(() => this.caughtUp(), quietMs);
    } else {
      this.caughtUp();
    }
  }

  private caughtUp(): void {
    this.catchingUp = undefined;
    const text = this.held.join('');
    const begun = this.tracker.restOfSequence(text);
    this.held = [];
    this.hold(text.slice(0, begun) + curtail(condense(text.slice(begun), this.ends.linesKept()), mostShown));
    this.release();
    this.pauseIfHolding();
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
