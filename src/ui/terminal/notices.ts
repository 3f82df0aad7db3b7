import { dim } from './sequences.ts';

/** As much of the latest output as an unfinished sequence can be long, in characters. */
const tailLength = 256;

/** What is ours in the output of a program waits here until it disturbs nothing. */
export class Notices {
  private readonly write: (text: string) => void;
  private tail = '';
  private alternate = false;
  private waiting: string | undefined;
  private query = '';

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  /** Follows the program's output. */
  follow(output: string): void {
    const text = this.tail + output;
    if (!text.includes('\x1b')) {
      this.tail = text.slice(-tailLength); // most output: nothing to look for
      this.flush();
      return;
    }
    const at = Math.max(...['\x1b[?1049', '\x1b[?1047', '\x1b[?47'].map((mode) => text.lastIndexOf(mode)));
    if (at >= 0) {
      this.alternate = /^[^hl]*h/.test(text.slice(at, at + 16));
    }
    this.tail = text.slice(-tailLength);
    this.flush();
  }

  say(text: string): void {
    this.waiting = text;
    this.flush();
  }

  /** Puts a query in, which the terminal answers and nobody sees. */
  ask(query: string): void {
    this.query = query;
    this.flush();
  }

  /** A full-screen program would be overwritten, and a sequence that has begun would be broken. */
  private flush(): void {
    if ((this.query === '' && this.waiting === undefined) || endsInsideSequence(this.tail)) {
      return;
    }
    if (this.query !== '') {
      const query = this.query;
      this.query = '';
      this.write(query);
    }
    if (this.waiting !== undefined && !this.alternate) {
      const text = this.waiting;
      this.waiting = undefined;
      this.write(`\r\n${dim(text)}\r\n`);
    }
  }
}

function endsInsideSequence(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- escape sequences are what is looked for
  return /\x1b([ -/]*|\[[0-?]*[ -/]*|[\]P^_X][^\x07\x1b]*\x1b?)$/.test(text);
}
