import { AcknowledgementWindow } from './acknowledgementWindow.ts';
import { dropScrolledLines, keepEnd } from './condensing.ts';
import { DataGaps } from './dataGaps.ts';
import { InterruptEcho } from './interruptEcho.ts';
import { OutputWriter } from './outputWriter.ts';
import type { TerminalDimensions } from './dimensions.ts';
import { ReportFilter, type Report } from './reports.ts';
import { SizeQuestion } from './sizeQuestion.ts';

/** What lies on either side of the flow control. */
export interface FlowControlEnds {
  /** Shows output in the terminal. */
  write(text: string): void;
  /** Takes what was typed, without the reports that were asked for here. */
  type(text: string): void;
  /** The terminal has answered {@link FlowControl.askSize}. */
  sized(size: TerminalDimensions): void;
  /** Asks the session to read no further. Called again for output that comes all the same. */
  pause(): void;
  resume(): void;
  /** At least how many lines the terminal keeps, as {@link dropScrolledLines} needs it. */
  linesKept(): number;
}

/** The longest piece that is written at once, in UTF-16 units. */
const maxPiece = 64 * 1024;

/** Ctrl-C, Ctrl-Z and Ctrl-\: the terminal's driver in the container throws away what it has not sent yet, as we do. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const interrupt = /[\x03\x1a\x1c]/;

/** A session that was paused no longer ago than this has output waiting in the network, in milliseconds. */
const recentMs = 500;

/** After an interrupt, output is read without showing any until none has come for this long, in milliseconds. */
const quietMs = 20;

/** The longest that such a catch-up lasts, in milliseconds. */
const longestCatchUpMs = 500;

/** A catch-up that holds this much is over, in UTF-16 units. */
const mostHeld = 16 * 1024 * 1024;

/** The most of it that is shown, in UTF-16 units, and less where the terminal is slow. */
const mostShown = 512 * 1024;

/**
 * Flow control between sessions and a terminal that has none. Everything written to the terminal goes through it, and
 * it serves all sessions of the terminal, one after the other.
 *
 * VS Code's pseudoterminals take any amount of output and show it when they can. So the terminal is asked every now and
 * then how far it has come, by a query that nobody sees, and the session is paused while too much is unanswered.
 * Megabytes may still wait in the network then: an interrupt has them read at once, without the lines that nobody could
 * ever see, and of what is still too much only the end is shown.
 */
export class FlowControl {
  private readonly ends: FlowControlEnds;
  private readonly writer: OutputWriter;
  private readonly window = new AcknowledgementWindow();
  private readonly gaps = new DataGaps();
  private readonly sizeQuestion = new SizeQuestion();
  private readonly reports = new ReportFilter({
    isOurs: (report) => this.isOurs(report),
    onTyped: (text) => this.typed(text),
    onReport: (report) => this.reported(report),
  });
  /** Output that the terminal is not ready for, in order. */
  private held: string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private pausedAt = Number.NEGATIVE_INFINITY;
  /** While output is being caught up with, in the moments after an interrupt: until when at the latest, and how much came. */
  private catchingUp: { readonly end: number; length: number } | undefined;
  private echo: InterruptEcho | undefined;

  constructor(ends: FlowControlEnds) {
    this.ends = ends;
    this.writer = new OutputWriter((text) => ends.write(text));
  }

  /** Shows output, at once or when the terminal is ready for it. */
  output(output: string): void {
    const wasHolding = this.held.length > 0;
    const text = this.withoutCut(output);
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

  /** Says something of our own among the output, where it disturbs nothing. */
  notify(text: string): void {
    this.writer.notify(text);
  }

  /** Asks the terminal for its size, between two sequences of the output. */
  askSize(): void {
    this.writer.ask(() => this.sizeQuestion.ask());
  }

  /** Passes on what was typed, without the reports that were asked for here. */
  input(data: string): void {
    this.reports.input(data, this.window.isAsking || this.sizeQuestion.isAsking);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.reports.dispose();
    this.held = [];
  }

  /** Short texts become one piece: a session may send a few characters at a time. */
  private hold(text: string): void {
    const last = this.held.at(-1) ?? '';
    if (this.held.length > 0 && last.length + text.length <= maxPiece) {
      this.held[this.held.length - 1] = last + text;
    } else {
      this.held.push(...(text.length > maxPiece ? pieces(text) : [text]));
    }
  }

  /** Writes what there is room for; the rest waits for an answer, or for its time. */
  private release(): void {
    clearTimeout(this.timer);
    while (this.window.isOpen && !this.isGap()) {
      const piece = this.held.shift();
      if (piece === undefined) {
        return;
      }
      this.write(piece);
    }
    if (this.held.length === 0) {
      return;
    }
    if (this.gaps.isDue && !this.window.isAsking) {
      this.timer = setTimeout(() => this.releaseMore(), this.gaps.leftMs);
    } else {
      this.timer = setTimeout(() => {
        this.window.assumeShown(maxPiece);
        this.releaseMore(1); // the answer may be lost, and the next piece asks again
      }, this.window.waitMs(maxPiece));
    }
  }

  /** Whether nothing is written until all is shown and a gap has passed. */
  private isGap(): boolean {
    if (!this.window.isAsking && this.gaps.leftMs === 0) {
      this.gaps.over();
    }
    return this.gaps.isDue;
  }

  private write(piece: string): void {
    const isTime = this.window.add(piece.length);
    this.gaps.add(piece.length, this.writer.isCommandRunning);
    this.writer.write(
      piece,
      isTime || this.gaps.isDue ? (beforeEnd) => this.window.ask(beforeEnd) : undefined,
    );
  }

  /** So many pieces are written whatever there is room for. */
  private releaseMore(pieces = 0): void {
    const wasHolding = this.held.length > 0;
    this.held.splice(0, pieces).forEach((piece) => this.write(piece));
    if (this.catchingUp === undefined) {
      this.release();
    }
    if (wasHolding && this.held.length === 0) {
      this.ends.resume();
    }
  }

  private isOurs(report: Report): boolean {
    const isAnswer = this.sizeQuestion.isAnswer(report);
    return isAnswer || (report.kind === 'mode' && this.window.expects(report.mode));
  }

  private reported(report: Report): void {
    if (report.kind === 'size') {
      this.ends.sized({ columns: report.columns, rows: report.rows });
    } else if (this.window.expects(report.mode)) {
      this.window.acknowledge(report.mode);
      this.gaps.shown();
      this.releaseMore();
    }
  }

  private pauseIfHolding(): void {
    if (this.held.length > 0) {
      this.pausedAt = performance.now();
      this.ends.pause();
    }
  }

  private typed(text: string): void {
    const [key] = interrupt.exec(text) ?? [];
    if (key !== undefined) {
      this.echo = new InterruptEcho(key, this.writer.parserAfter(this.held));
    }
    const isWaiting = this.held.length > 0 || performance.now() - this.pausedAt < recentMs;
    if (isWaiting && key !== undefined) {
      this.catchUp({ end: performance.now() + longestCatchUpMs, length: 0 });
      this.ends.resume();
    }
    this.ends.type(text);
  }

  /** Output in which an interrupt has left no sequence open. */
  private withoutCut(output: string): string {
    const mended = this.echo?.mend(output);
    if (mended?.isOver === true) {
      this.echo = undefined;
    }
    return mended?.text ?? output;
  }

  /** Lets output come in without showing it, until it has been quiet or the end has come. */
  private catchUp(state: NonNullable<FlowControl['catchingUp']>): void {
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
    const begun = this.writer.restOfSequence(text);
    this.held = [];
    const state = this.writer.stateAfter(text.slice(0, begun));
    this.gaps.over(); // the prompt is to come at once
    const lines = dropScrolledLines(text.slice(begun), this.ends.linesKept(), state);
    const shown = Math.min(mostShown, this.window.shownInAMoment);
    this.hold(text.slice(0, begun) + keepEnd(lines, shown, state));
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
