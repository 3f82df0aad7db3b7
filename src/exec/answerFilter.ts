/** How long the first characters of an answer, which may be the Escape key, wait for more, in milliseconds. */
const keyMs = 10;

/** How long a longer part of an answer, which is no key, waits for its rest, in milliseconds. */
const restMs = 1_000;

/** What the terminal's answers to one kind of query look like. */
export interface AnswerShape {
  /** An answer, with its numbers as groups. */
  readonly whole: RegExp;
  /** The start of one, at the end of input. */
  readonly start: RegExp;
}

/* eslint-disable no-control-regex -- an answer starts with ESC */

/** Answers to mode queries (DECRQM) of eight digits: `CSI ? mode ; 0 $ y`. */
export const modeAnswer: AnswerShape = {
  whole: /\x1b\[\?(\d{8});0\$y/g,
  start: /\x1b(?:\[(?:\?(?:\d{1,7}|\d{8}(?:;(?:0\$?)?)?)?)?)?$/,
};

/** Answers to {@link sizeQuestion}: `CSI 8 ; rows ; columns t`. */
export const sizeAnswer: AnswerShape = {
  whole: /\x1b\[8;(\d{1,5});(\d{1,5})t/g,
  start: /\x1b(?:\[(?:8(?:;(?:\d{1,5}(?:;\d{0,5})?)?)?)?)?$/,
};

/* eslint-enable no-control-regex */

/** Asks a terminal for its size in characters. */
export const sizeQuestion = '\x1b[18t';

export interface AnswerEvents {
  /** Whether an answer of these numbers has been asked for and is still to come. */
  expects(...numbers: readonly number[]): boolean;
  /** What was typed, in order, and answers to others' queries. */
  onTyped(text: string): void;
  onAnswer(...numbers: readonly number[]): void;
}

/** Takes the terminal's answers to our queries out of its input, also where they come together with keys or in parts. */
export class AnswerFilter {
  private readonly shape: AnswerShape;
  private readonly events: AnswerEvents;
  private part = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(shape: AnswerShape, events: AnswerEvents) {
    this.shape = shape;
    this.events = events;
  }

  /** `waiting` is whether any answer is still to come; without, nothing is held back. */
  input(data: string, waiting: boolean): void {
    clearTimeout(this.timer);
    const text = this.part + data;
    this.part = '';
    if (!waiting) {
      this.events.onTyped(text);
      return;
    }
    const answers: (readonly number[])[] = [];
    const typed = text.replace(this.shape.whole, (whole, ...groups: readonly string[]) => {
      const numbers = groups.slice(0, -2).map(Number); // the last two are the place and all of the text
      if (!this.events.expects(...numbers)) {
        return whole;
      }
      answers.push(numbers);
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
    answers.forEach((numbers) => this.events.onAnswer(...numbers));
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
