import { kinds, markByte } from './agent.ts';

/** What the agent says, see `agent.ts`. */
export type AgentMessage =
  | { readonly kind: 'noStty' | 'waiting' | 'refused' }
  /** An answer came, but not whole. */
  | { readonly kind: 'damaged' }
  /** An answer is longer than any that is taken in. */
  | { readonly kind: 'tooLong' }
  | { readonly kind: 'answer'; readonly number: number; readonly exitCode: number; readonly text: Buffer };

/** The longest text of an answer, in bytes. */
const maxText = 4 * 1024 * 1024;

/** The longest `NUMBER:CODE:`, in bytes. */
const maxTail = 32;

type Part = 'raw' | 'first' | 'second' | 'tail';

/** Tells the answers in the output of a remote shell from raw output, wherever messages are cut. */
export class AnswerReader {
  private readonly mark: Buffer;
  private readonly onRaw: (data: Buffer) => void;
  private readonly onMessage: (message: AgentMessage) => void;
  /** What may be the start of a mark. */
  private held: Buffer = Buffer.alloc(0);
  private part: Part = 'raw';
  private first: Buffer[] = [];
  private second: Buffer[] = [];
  private tail = '';
  private length = 0;

  constructor(token: string, onRaw: (data: Buffer) => void, onMessage: (message: AgentMessage) => void) {
    this.mark = Buffer.concat([Buffer.of(markByte), Buffer.from(token)]);
    this.onRaw = onRaw;
    this.onMessage = onMessage;
  }

  read(data: Buffer): void {
    let rest = this.held.length === 0 ? data : Buffer.concat([this.held, data]);
    this.held = Buffer.alloc(0);
    for (;;) {
      const at = rest.indexOf(this.mark);
      const kindAt = at + this.mark.length;
      if (at < 0 || kindAt >= rest.length) {
        break;
      }
      this.take(rest.subarray(0, at));
      this.enter(String.fromCharCode(rest[kindAt] ?? 0));
      rest = rest.subarray(kindAt + 1);
    }
    const partial = partialMark(rest, this.mark);
    this.take(rest.subarray(0, rest.length - partial));
    this.held = Buffer.from(rest.subarray(rest.length - partial));
  }

  /** Bytes of the part that is being read. */
  private take(data: Buffer): void {
    if (data.length === 0) {
      return;
    }
    switch (this.part) {
      case 'raw':
        this.onRaw(data);
        return;
      case 'tail':
        this.takeTail(data);
        return;
      case 'first':
      case 'second':
        this[this.part].push(Buffer.from(data));
        this.length += data.length;
        if (this.length > 2 * maxText) {
          this.end({ kind: 'tooLong' });
        }
    }
  }

  private takeTail(data: Buffer): void {
    for (const [index, byte] of data.entries()) {
      this.tail += String.fromCharCode(byte);
      const isWhole = byte === colon && this.tail.indexOf(':') < this.tail.length - 1;
      if (isWhole || this.tail.length > maxTail) {
        this.end(isWhole ? this.answer() : { kind: 'damaged' });
        this.take(data.subarray(index + 1));
        return;
      }
    }
  }

  private enter(kind: string): void {
    const { part } = this;
    const simple = simpleKinds.get(kind);
    if (kind === kinds.answer) {
      if (part !== 'raw') {
        this.end({ kind: 'damaged' });
      }
      this.part = 'first';
    } else if (kind === kinds.again && part === 'first') {
      this.part = 'second';
    } else if (kind === kinds.tail && part === 'second') {
      this.part = 'tail';
    } else if (simple !== undefined && part === 'raw') {
      this.onMessage({ kind: simple });
    } else {
      this.end({ kind: 'damaged' });
    }
  }

  private answer(): AgentMessage {
    const first = Buffer.concat(this.first);
    const text = Buffer.concat(this.second);
    const expected = Buffer.concat([Buffer.from(this.tail), text]);
    const head = /^(\d+):(\d{1,3}):$/.exec(this.tail);
    return head !== null && first.equals(expected)
      ? { kind: 'answer', number: Number(head[1]), exitCode: Number(head[2]), text }
      : { kind: 'damaged' };
  }

  private end(message: AgentMessage): void {
    this.part = 'raw';
    this.first = [];
    this.second = [];
    this.tail = '';
    this.length = 0;
    this.onMessage(message);
  }
}

const colon = ':'.charCodeAt(0);

const simpleKinds: ReadonlyMap<string, 'noStty' | 'waiting' | 'refused'> = new Map([
  [kinds.noStty, 'noStty'],
  [kinds.waiting, 'waiting'],
  [kinds.refused, 'refused'],
] as const);

/** How many bytes at the end could be the start of a mark or one without its kind. */
function partialMark(data: Buffer, mark: Buffer): number {
  const at = data.lastIndexOf(markByte);
  const length = at < 0 ? 0 : data.length - at;
  return length > 0 && length <= mark.length && mark.subarray(0, length).equals(data.subarray(at))
    ? length
    : 0;
}
