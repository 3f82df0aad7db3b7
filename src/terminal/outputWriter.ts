import { ParserState } from './parserState.ts';
import { dim } from './sequences.ts';

/** As much of a sequence as names the screen that it switches to, in characters. */
const modeLength = 32;

/**
 * The last step before the terminal: writes output, follows the terminal's parser through it, and puts in what is ours
 * where it disturbs nothing.
 */
export class OutputWriter {
  private readonly onWrite: (text: string) => void;
  private readonly parser = new ParserState();
  private tail = '';
  private isAlternateScreen = false;
  private notice: string | undefined;
  private query = '';

  constructor(onWrite: (text: string) => void) {
    this.onWrite = onWrite;
  }

  write(output: string): void {
    this.parser.pass(output);
    this.written(output, output);
  }

  /**
   * Writes output with a query in it, as close to its end as one can be put in; without one where there is no place for
   * it. `query` is given how much of the output comes after it.
   */
  writeWithQuery(output: string, query: (beforeEnd: number) => string): void {
    const place = this.parser.follow(output);
    this.written(
      output,
      place < 0 ? output : output.slice(0, place) + query(output.length - place) + output.slice(place),
    );
  }

  /** How much of the output that is written next is still the rest of a sequence that has begun. */
  restOfSequence(output: string): number {
    return this.parser.restOfSequence(output);
  }

  /** Says something on lines of its own, once no full-screen program would be overwritten by it. */
  notify(text: string): void {
    this.notice = text;
    this.flush();
  }

  /** Puts a query in, which the terminal answers and nobody sees, once no sequence would be broken by it. */
  ask(query: string): void {
    this.query = query;
    this.flush();
  }

  private written(output: string, text: string): void {
    this.onWrite(text);
    // What was cut by the end of the last output is found in its tail.
    const alternate = lastScreen(output) ?? lastScreen(this.tail + output.slice(0, modeLength));
    this.isAlternateScreen = alternate ?? this.isAlternateScreen;
    this.tail = (this.tail + output.slice(-modeLength)).slice(-modeLength);
    this.flush();
  }

  private flush(): void {
    if ((this.query === '' && this.notice === undefined) || !this.parser.isGround) {
      return;
    }
    if (this.query !== '') {
      const { query } = this;
      this.query = '';
      this.onWrite(query);
    }
    if (this.notice !== undefined && !this.isAlternateScreen) {
      const { notice } = this;
      this.notice = undefined;
      this.onWrite(`\r\n${dim(notice)}\r\n`);
    }
  }
}

// eslint-disable-next-line no-control-regex -- escape sequences are what is looked for
const screenMode = /\x1b(?:\[\?(?:\d+;)*(?:1049|1047|47)(?:;\d+)*([hl])|c)/g;

/** Whether the text ends on the alternate screen; undefined where it says nothing of it. Floods go through here. */
function lastScreen(text: string): boolean | undefined {
  const last =
    text.includes('\x1b[?') || text.includes('\x1bc') ? [...text.matchAll(screenMode)].at(-1) : undefined;
  return last === undefined ? undefined : last[1] === 'h';
}
