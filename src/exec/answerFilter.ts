/** How long the first characters of an answer, which may be the Escape key, wait for more, in milliseconds. */
const keyMs = 10;

/** How long a longer part of an answer, which is no key, waits for its rest, in milliseconds. */
const restMs = 1_000;

export interface AnswerEvents {
  /** What was typed, in order, and answers to others' queries. */
  onTyped(text: string): void;
  onAnswer(mode: number): void;
}

/**
 * Takes the terminal's answers to mode queries of eight digits (`CSI ? mode ; 0 $ y`) out of its input, also where
 * they come together with keys or in parts.
 */
export class AnswerFilter {
  private readonly events: AnswerEvents;
  private readonly expects: (mode: number) => boolean;
  private part = '';
  private timer: NodeJS.Timeout | undefined;

  /** `expects` says which modes have been asked for and not answered yet. */
  constructor(expects: (mode: number) => boolean, events: AnswerEvents) {
    this.expects = expects;
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
    const answered: number[] = [];
    const typed = text.replace(answer, (whole, digits: string) => {
      const mode = Number(digits);
      if (!this.expects(mode)) {
        return whole;
      }
      answered.push(mode);
      return '';
    });
    this.part = partOfAnswer.exec(typed)?.[0] ?? '';
    if (this.part !== '') {
      this.timer = setTimeout(() => this.release(), this.part.length <= 2 ? keyMs : restMs);
    }
    const rest = typed.slice(0, typed.length - this.part.length);
    if (rest !== '') {
      this.events.onTyped(rest);
    }
    answered.forEach((mode) => this.events.onAnswer(mode));
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

// eslint-disable-next-line no-control-regex -- an answer starts with ESC
const answer = /\x1b\[\?(\d{8});0\$y/g;

/** The start of an answer, at the end of input. */
// eslint-disable-next-line no-control-regex -- an answer starts with ESC
const partOfAnswer = /\x1b(?:\[(?:\?(?:\d{1,7}|\d{8}(?:;(?:0\$?)?)?)?)?)?$/;
