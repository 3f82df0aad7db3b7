/** How long the first characters of a report, which may be the Escape key, wait for more, in milliseconds. */
const keyMs = 10;

/** How long a longer part of a report, which is no key, waits for its rest, in milliseconds. */
const restMs = 1_000;

/** What the terminal's reports of one kind look like. */
export interface ReportShape {
  /** A report, with its numbers as groups. */
  readonly whole: RegExp;
  /** The start of one, at the end of input. */
  readonly start: RegExp;
}

/* eslint-disable no-control-regex -- a report starts with ESC */

/** Reports of modes of eight digits (DECRPM, which answers DECRQM): `CSI ? mode ; 0 $ y`. */
export const modeReport: ReportShape = {
  whole: /\x1b\[\?(\d{8});0\$y/g,
  start: /\x1b(?:\[(?:\?(?:\d{1,7}|\d{8}(?:;(?:0\$?)?)?)?)?)?$/,
};

/** The report of the terminal's size, which answers {@link sizeQuery}: `CSI 8 ; rows ; columns t`. */
export const sizeReport: ReportShape = {
  whole: /\x1b\[8;(\d{1,5});(\d{1,5})t/g,
  start: /\x1b(?:\[(?:8(?:;(?:\d{1,5}(?:;\d{0,5})?)?)?)?)?$/,
};

/* eslint-enable no-control-regex */

/** Asks a terminal for its size in characters. */
export const sizeQuery = '\x1b[18t';

export interface ReportEvents {
  /** Whether a report of these numbers has been asked for and is still to come. */
  expects(...numbers: readonly number[]): boolean;
  /** What was typed, in order, and reports that others have asked for. */
  onTyped(text: string): void;
  onReport(...numbers: readonly number[]): void;
}

/** Takes reports that we have asked for out of the terminal's input, also where they come together with keys or in parts. */
export class ReportFilter {
  private readonly shape: ReportShape;
  private readonly events: ReportEvents;
  private part = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(shape: ReportShape, events: ReportEvents) {
    this.shape = shape;
    this.events = events;
  }

  /** `waiting` is whether any report is still to come; without, nothing is held back. */
  input(data: string, waiting: boolean): void {
    clearTimeout(this.timer);
    const text = this.part + data;
    this.part = '';
    if (!waiting) {
      this.events.onTyped(text);
      return;
    }
    const reports: (readonly number[])[] = [];
    const typed = text.replace(this.shape.whole, (whole, ...groups: readonly string[]) => {
      const numbers = groups.slice(0, -2).map(Number); // the last two are the place and all of the text
      if (!this.events.expects(...numbers)) {
        return whole;
      }
      reports.push(numbers);
      return '';
    });
    this.part = this.shape.start.exec(typed)?.[0] ?? '';
    if (this.part !== '') {
      this.timer = setTimeout(() => this.release(), this.part.length <= 2 ? keyMs : restMs);
    }
    const rest = typed.slice(0, typed.length - this.part.length);
    if (rest !== '') {
      this.events.onTyped(rest);
    }
    reports.forEach((numbers) => this.events.onReport(...numbers));
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private release(): void {
    const part = this.part;
    this.part = '';
    this.events.onTyped(part);
  }
}
