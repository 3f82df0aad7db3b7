import { ParserState } from './parserState.ts';
import { dim } from './sequences.ts';
import { TerminalState } from './terminalState.ts';

/**
 * The last step before the terminal: writes output, follows the terminal through it, and puts in what is ours where it
 * disturbs nothing.
 */
export class OutputWriter {
  private readonly onWrite: (text: string) => void;
  private readonly state = new TerminalState();
  private readonly parser = new ParserState(this.state);
  /** What waits for a place among the output. */
  private notice: string | undefined;
  private query: (() => string) | undefined;

  constructor(onWrite: (text: string) => void) {
    this.onWrite = onWrite;
  }

  /**
   * Writes output with what waits for a place in it, and with a query where one is given. They are put in as close to
   * the end as may be; without a place, what waits comes after it and the query is left out. `query` is given how much
   * of the output comes after it.
   */
  write(output: string, query?: (beforeEnd: number) => string): void {
    const isWaiting = this.query !== undefined || this.notice !== undefined;
    if (!isWaiting && query === undefined) {
      this.parser.pass(output);
      this.onWrite(output);
      return;
    }
    const place = (isWaiting ? this.parser.copy() : this.parser).follow(output);
    const end = place < 0 ? output.length : place;
    const waiting = isWaiting ? this.passAround(output, end) : '';
    const own = place < 0 ? waiting : `${waiting}${query?.(output.length - place) ?? ''}`;
    if (output !== '' || own !== '') {
      this.onWrite(output.slice(0, end) + own + output.slice(end));
    }
  }

  /** Whether a command of a shell that marks its commands prints what is written. */
  get isCommandRunning(): boolean {
    return this.state.isCommandRunning;
  }

  /** How much of the output that is written next is still the rest of a sequence that has begun. */
  restOfSequence(output: string): number {
    return this.parser.restOfSequence(output);
  }

  /** Where the terminal's parser stands once this output is written next. */
  parserAfter(output: readonly string[]): ParserState {
    const parser = this.parser.copy();
    output.forEach((piece) => parser.pass(piece));
    return parser;
  }

  /** The terminal's state once this output is written next. */
  stateAfter(output: string): TerminalState {
    const state = this.state.copy();
    this.parser.copy(state).pass(output);
    return state;
  }

  /** Says something on lines of its own, once no full-screen program would be overwritten by it. */
  notify(text: string): void {
    this.notice = text;
    this.write('');
  }

  /** Puts a query in, which the terminal answers and nobody sees, once no sequence would be broken by it. */
  ask(query: () => string): void {
    this.query = query;
    this.write('');
  }

  /** Follows output; returns what was waiting and may be put in at this place of it. */
  private passAround(output: string, place: number): string {
    this.parser.pass(output.slice(0, place));
    const own = this.parser.isGround ? this.takeWaiting() : '';
    this.parser.pass(output.slice(place));
    return own;
  }

  private takeWaiting(): string {
    const query = this.query?.() ?? '';
    this.query = undefined;
    if (this.notice === undefined || this.state.isAlternateScreen) {
      return query;
    }
    const notice = this.state.aside(`\r\n${dim(this.notice)}\r\n`);
    this.notice = undefined;
    return query + notice;
  }
}
