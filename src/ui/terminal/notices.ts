import { GroundTracker } from '../../exec/groundTracker.ts';
import { dim } from './sequences.ts';

/** As much of a sequence as tells the screen, in characters. */
const modeLength = 32;

/** What is ours in the output of a program waits here until it disturbs nothing. */
export class Notices {
  private readonly write: (text: string) => void;
  private readonly tracker = new GroundTracker();
  private tail = '';
  private alternate = false;
  private waiting: string | undefined;
  private query = '';

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  /** Follows the program's output. */
  follow(output: string): void {
    // What was cut by the end of the last output is found in its tail.
    const alternate = lastScreen(output) ?? lastScreen(this.tail + output.slice(0, modeLength));
    this.alternate = alternate ?? this.alternate;
    this.tail = (this.tail + output.slice(-modeLength)).slice(-modeLength);
    this.tracker.pass(output);
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
    if ((this.query === '' && this.waiting === undefined) || !this.tracker.isGround) {
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

// eslint-disable-next-line no-control-regex -- escape sequences are what is looked for
const screenMode = /\x1b(?:\[\?(?:\d+;)*(?:1049|1047|47)(?:;\d+)*([hl])|c)/g;

/** Whether the text ends on the alternate screen; undefined where it says nothing of it. Floods go through here. */
function lastScreen(text: string): boolean | undefined {
  const last =
    text.includes('\x1b[?') || text.includes('\x1bc') ? [...text.matchAll(screenMode)].at(-1) : undefined;
  return last === undefined ? undefined : last[1] === 'h';
}
