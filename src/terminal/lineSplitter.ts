import { OutputDecoder } from './decoder.ts';

/** A line that is longer is cut, in UTF-16 units. */
const maxLine = 16 * 1024;

/** Makes lines of output that is cut anywhere. */
export class LineSplitter {
  private readonly decoder = new OutputDecoder();
  private readonly onLine: (line: string) => void;
  private rest = '';

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine;
  }

  write(output: Uint8Array): void {
    const lines = (this.rest + this.decoder.decode(output)).split('\n');
    this.rest = lines.pop() ?? '';
    lines.forEach((line) => this.onLine(line));
    for (; this.rest.length >= maxLine; this.rest = this.rest.slice(maxLine)) {
      this.onLine(this.rest.slice(0, maxLine));
    }
  }

  /** The rest is a line too. */
  end(): void {
    const rest = this.rest + this.decoder.end();
    this.rest = '';
    if (rest !== '') {
      this.onLine(rest);
    }
  }
}
