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
  private notice: string | undefined;
  private query = '';

  constructor(onWrite: (text: string) => void) {
    this.onWrite = onWrite;
  }

  write(output: string): void {
    this.parser.pass(output);
    this.written(output);
  }

  /**
   * Writes output with a query in it, as close to its end as one can be put in; without one where there is no place for
   * it. `query` is given how much of the output comes after it.
   */
  writeWithQuery(output: string, query: (beforeEnd: number) => string): void {
    const place = this.parser.follow(output);
    this.written(
      place < 0 ? output : output.slice(0, place) + query(output.length - place) + output.slice(place),
    );
  }

  /** How much of the output that is written next is still the rest of a sequence that has begun. */
  restOfSequence(output: string): number {
    return this.parser.restOfSequence(output);
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
    this.flush();
  }

  /** Puts a query in, which the terminal answers and nobody sees, once no sequence would be broken by it. */
  ask(query: string): void {
    this.query = query;
    this.flush();
  }

  private written(text: string): void {
    this.onWrite(text);
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
    if (this.notice !== undefined && !this.state.isAlternateScreen) {
      const { notice } = this;
      this.notice = undefined;
      this.onWrite(this.state.aside(`\r\n${dim(notice)}\r\n`));
    }
  }
}
