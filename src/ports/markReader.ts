import { markByte, markEnd, markMiddle, marks } from './relaySource.ts';

/** What a relay tells between the server's data, see `relaySource.ts`. */
export type RelayMark =
  | { readonly kind: 'started' | 'failed' }
  | {
      readonly kind: 'accepted' | 'refused';
      /** The frame that is waited for. */
      readonly next: number;
      /** Of the frame before, if that was a block. */
      readonly checksum: string;
    }
  | { readonly kind: 'ended'; readonly checksum: string };

/** The longest text of a mark with its copy, in bytes. */
const maxText = 300;

/** Tells the marks of a relay from the server's data, wherever it is cut. */
export class MarkReader {
  private readonly start: Buffer;
  private readonly onData: (data: Buffer) => void;
  private readonly onMark: (mark: RelayMark) => void;
  /** What may be a mark or the start of one. */
  private held: Buffer = Buffer.alloc(0);

  constructor(token: string, onData: (data: Buffer) => void, onMark: (mark: RelayMark) => void) {
    this.start = Buffer.concat([Buffer.of(markByte), Buffer.from(token)]);
    this.onData = onData;
    this.onMark = onMark;
  }

  read(data: Buffer): void {
    let rest = this.held.length === 0 ? data : Buffer.concat([this.held, data]);
    this.held = Buffer.alloc(0);
    let at = rest.indexOf(this.start);
    while (at >= 0) {
      this.pass(rest.subarray(0, at));
      rest = rest.subarray(at);
      const from = this.start.length;
      const end = rest.subarray(0, from + maxText).indexOf(markEnd);
      if (end < 0 && rest.length < from + maxText) {
        this.held = Buffer.from(rest);
        return;
      }
      const mark = end < 0 ? undefined : parseMark(rest.toString('latin1', from, end));
      if (mark !== undefined) {
        this.onMark(mark);
      }
      // A mark that does not check is dropped: what it reported is asked for again.
      rest = rest.subarray(end < 0 ? from : end + 1);
      at = rest.indexOf(this.start);
    }
    const partial = this.partialStart(rest);
    this.pass(rest.subarray(0, rest.length - partial));
    this.held = Buffer.from(rest.subarray(rest.length - partial));
  }

  private pass(data: Buffer): void {
    if (data.length > 0) {
      this.onData(data);
    }
  }

  /** How many bytes at the end could be the start of a mark. */
  private partialStart(data: Buffer): number {
    const at = data.lastIndexOf(markByte);
    const length = at < 0 ? 0 : data.length - at;
    return length > 0 && this.start.subarray(0, length).equals(data.subarray(at)) ? length : 0;
  }
}

function parseMark(text: string): RelayMark | undefined {
  const kind = text.charAt(0);
  const [one = '', other = '', more] = text.slice(1).split(markMiddle);
  if (one !== other || more !== undefined) {
    return undefined;
  }
  switch (kind) {
    case marks.started:
      return { kind: 'started' };
    case marks.failed:
      return { kind: 'failed' };
    case marks.ended:
      return { kind: 'ended', checksum: one };
    case marks.accepted:
    case marks.refused: {
      const [next = '', checksum = ''] = one.split(':');
      return /^\d+$/.test(next)
        ? { kind: kind === marks.accepted ? 'accepted' : 'refused', next: Number(next), checksum }
        : undefined;
    }
    default:
      return undefined;
  }
}
