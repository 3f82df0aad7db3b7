import { OutputDecoder } from '../../terminal/decoder.ts';

/** Text in the colour of errors. */
export const red = (text: string) => `\x1b[31m${text}\x1b[39m`;

/** The longest that the start of a line waits for its end, in milliseconds. */
const lineMs = 100;

/** The longest start of a line that waits, in UTF-16 units. */
const maxHeld = 64 * 1024;

/**
 * The output and the errors of one command as a terminal shows them, errors in red. They come on two ways, cut anywhere:
 * lines that come whole in a moment are not mixed up.
 */
export function shownStreams(show: (text: string) => void): {
  readonly output: ShownStream;
  readonly errors: ShownStream;
} {
  return { output: new ShownStream(show), errors: new ShownStream((text) => show(red(text))) };
}

class ShownStream {
  private readonly decoder = new OutputDecoder();
  private readonly show: (text: string) => void;
  /** The start of a line. */
  private held = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(show: (text: string) => void) {
    this.show = show;
  }

  write(data: Buffer): void {
    const text = this.decoder.decode(data);
    const lineEnd = text.lastIndexOf('\n') + 1;
    const whole = lineEnd === 0 ? 0 : this.held.length + lineEnd;
    this.held += text;
    this.release(this.held.length > maxHeld ? this.held.length : whole);
  }

  /** Shows what is left. */
  end(): void {
    this.held += this.decoder.end();
    this.release(this.held.length);
  }

  private release(length: number): void {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    if (text !== '') {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.show(text.replaceAll('\n', '\r\n')); // the container's own terminal would make both of a line feed
    }
    if (this.held !== '') {
      this.timer ??= setTimeout(() => this.release(this.held.length), lineMs);
    }
  }
}
