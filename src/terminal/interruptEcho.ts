import type { ParserState } from './parserState.ts';

/** Ends whatever sequence has begun (CAN). */
const cancel = '\x18';

/** A program that takes the key itself lets the driver echo nothing: no echo comes after this, in milliseconds. */
const longestWaitMs = 5_000;

/**
 * Waits for the echo of a key that interrupts. The terminal's driver throws away what it has not sent yet, be it in the
 * middle of a sequence, and echoes the key as `^C`: after a lone ESC that begins a string that nobody sees, with the
 * prompt in it. So a sequence that was cut short is ended before the echo.
 */
export class InterruptEcho {
  private readonly echo: string;
  /** Where the output stands that comes next. */
  private readonly parser: ParserState;
  private readonly end = performance.now() + longestWaitMs;

  /** `key` is one of the C0 control characters. */
  constructor(key: string, parser: ParserState) {
    this.echo = `^${String.fromCharCode(key.charCodeAt(0) + 0x40)}`;
    this.parser = parser;
  }

  /** Output as it is to be shown; `isOver` once no echo is to come any more. */
  mend(output: string): { readonly text: string; readonly isOver: boolean } {
    if (performance.now() > this.end) {
      return { text: output, isOver: true };
    }
    const at = output.indexOf(this.echo);
    this.parser.pass(at < 0 ? output : output.slice(0, at));
    return at < 0 || this.parser.isGround
      ? { text: output, isOver: at >= 0 }
      : { text: output.slice(0, at) + cancel + output.slice(at), isOver: true };
  }
}
