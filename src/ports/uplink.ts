import { timerMs } from '../base/clock.ts';
import { checksumOf, type ChecksumTool } from '../exec/remoteShell/checksum.ts';

export interface UplinkOptions {
  readonly token: string;
  readonly takesBlocks: boolean;
  readonly checksumTool: ChecksumTool | undefined;
  /** Writes lines to the relay, without the last line end. */
  readonly write: (lines: string) => void;
  /** There is room for more data. */
  readonly onRoom: () => void;
  /** A block has reached the server otherwise than it was sent. */
  readonly onDamage: () => void;
}

interface Frame {
  readonly number: number;
  readonly text: string;
  /** Of a block. */
  readonly checksum?: string;
}

/** The data of one line, in bytes: the shell reads a line byte by byte. */
const lineBytes = 1024;

/** How many lines may be on their way. */
const maxLines = 16;

/** So much data goes in blocks, each alone, in bytes. */
const blockMin = 8 * 1024;
const blockBytes = 96 * 1024;

/** There is room while less data waits, in bytes. */
const roomBytes = 256 * 1024;

/** Frames are sent again after so much silence, then after twice as much each time, in milliseconds. */
const firstSilenceMs = 2_000;

/** More line ends than a block is likely to have lost characters: they end one that waits for them. */
const filler = '\n'.repeat(256);

/** Sends the client's data to a relay in frames, see `relaySource.ts`, and again what was lost on the way. */
export class Uplink {
  private readonly options: UplinkOptions;
  private readonly data: Buffer[] = [];
  private waiting = 0;
  private isFull = false;
  private isEnding = false;
  private endNumber = 0;
  private number = 0;
  private unreported: Frame[] = [];
  private hasStarted = false;
  /** The number that was reported last, and the one from which all was sent again. */
  private reported = 0;
  private resentFrom = 0;
  private silence: NodeJS.Timeout | undefined;
  private silenceMs = firstSilenceMs;

  constructor(options: UplinkOptions) {
    this.options = options;
  }

  /** Whether there is room for more; where not, `onRoom` tells when there is again. */
  write(data: Buffer): boolean {
    this.data.push(data);
    this.waiting += data.length;
    this.send();
    this.isFull = this.waiting >= roomBytes;
    return !this.isFull;
  }

  /** The client has ended. */
  end(): void {
    this.isEnding = true;
    this.send();
  }

  /** Nobody takes the data any more: what has not been sent is dropped. */
  abandon(): void {
    this.data.length = 0;
    this.waiting = 0;
    this.end();
  }

  /** Whether the relay may be reading frames. */
  get isOpen(): boolean {
    return this.hasStarted && (this.endNumber === 0 || this.unreported.length > 0);
  }

  /** The number of the block that is on its way: nothing may come after it. */
  get block(): number | undefined {
    return this.unreported.find(({ checksum }) => checksum !== undefined)?.number;
  }

  started(): void {
    this.hasStarted = true;
    this.send();
  }

  /** The relay waits for the frame `next`. */
  report(next: number, checksum: string, isRefusal: boolean): void {
    const arrived = this.unreported.filter(({ number }) => number < next);
    this.unreported = this.unreported.filter(({ number }) => number >= next);
    if (arrived.some((frame) => frame.checksum !== undefined && frame.checksum !== checksum)) {
      this.options.onDamage();
      return;
    }
    const isRepeated = next === this.reported;
    this.reported = Math.max(next, this.reported);
    if (arrived.length > 0) {
      this.heard();
    } else if ((isRefusal || isRepeated) && this.unreported[0]?.number === next && this.resentFrom !== next) {
      this.resentFrom = next;
      this.sendAgain();
    }
    this.send();
  }

  dispose(): void {
    clearTimeout(this.silence);
    this.silence = undefined;
    this.data.length = 0;
    this.waiting = 0;
    this.unreported = [];
    this.isEnding = false;
  }

  private send(): void {
    this.sendData();
    if (this.isEnding && this.waiting === 0 && this.endNumber === 0 && this.block === undefined) {
      const frame = this.frame('e');
      this.endNumber = frame.number;
      this.post(frame);
    }
    if (this.isFull && this.waiting < roomBytes) {
      this.isFull = false;
      this.options.onRoom();
    }
  }

  private sendData(): void {
    const { takesBlocks } = this.options;
    while (this.waiting > 0 && this.unreported.length < maxLines && this.block === undefined) {
      if (takesBlocks && this.waiting >= blockMin) {
        if (!this.hasStarted || this.unreported.length > 0) {
          return; // its end would be read as lines, or a line as its end
        }
        this.post(this.blockFrame(this.take(blockBytes)));
      } else {
        this.post(this.frame(`d${printfFormat(this.take(lineBytes))}`));
      }
    }
  }

  private take(bytes: number): Buffer {
    const taken: Buffer[] = [];
    let left = bytes;
    for (let first = this.data[0]; first !== undefined && left > 0; first = this.data[0]) {
      taken.push(first.subarray(0, left));
      if (first.length > left) {
        this.data[0] = first.subarray(left);
      } else {
        this.data.shift();
      }
      left -= Math.min(left, first.length);
    }
    this.waiting -= bytes - left;
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken);
  }

  private frame(work: string): Frame {
    const number = ++this.number;
    const line = `${this.options.token}:${number}:${work}`;
    return { number, text: `a${line}\nb${line}` };
  }

  private blockFrame(data: Buffer): Frame {
    const { checksumTool } = this.options;
    const characters = data.toString('base64');
    const { number, text } = this.frame(`b${characters.length}`);
    const sum = checksumTool === undefined ? undefined : checksumOf(checksumTool);
    sum?.update(data);
    return { number, text: `${text}\n${characters}`, checksum: sum?.digest() ?? '' };
  }

  private post(frame: Frame): void {
    this.unreported.push(frame);
    if (this.silence === undefined) {
      this.listen();
    }
    this.options.write(frame.text); // last: it may dispose of this
  }

  /** What is lost may have taken the line end before it along. */
  private sendAgain(): void {
    this.unreported.forEach(({ text, checksum }) =>
      this.options.write(`${checksum === undefined ? '' : filler}\n${text}`),
    );
  }

  private heard(): void {
    this.silenceMs = firstSilenceMs;
    clearTimeout(this.silence);
    this.silence = undefined;
    if (this.unreported.length > 0) {
      this.listen();
    }
  }

  private listen(): void {
    this.silence = setTimeout(() => {
      this.silenceMs *= 2;
      this.listen();
      this.sendAgain();
    }, timerMs(this.silenceMs));
  }
}

/** A format of `printf` for these bytes, in printable ASCII; it may stand in a word after a letter. */
export function printfFormat(data: Buffer): string {
  let format = '';
  for (const byte of data) {
    format += formats[byte] ?? '';
  }
  // It would be taken for an option.
  return format.startsWith('-') ? `${octal(45)}${format.slice(1)}` : format;
}

const formats = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return character === '%' ? '%%' : /^[ -~]$/.test(character) && character !== '\\' ? character : octal(byte);
});

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`;
}
