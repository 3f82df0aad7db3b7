/** How input is cut into frames: what one kind of container can take without losing any. */
export interface InputPace {
  /** The most one frame carries: bytes of UTF-8 for Linux, characters for a Windows console. */
  readonly maxFrame: number;
  readonly unit: 'bytes' | 'characters';
  /** The pause between two frames, in milliseconds. */
  readonly pauseMs: number;
}

/** 512 bytes is the largest frame that a public client sends (virtual-kubelet/azure-aci `aci.go`). */
const linuxPace: InputPace = { maxFrame: 512, unit: 'bytes', pauseMs: 0 };

/** A Windows console loses what is past 50 characters (azure-sdk-for-js#6487, moby#29646). */
const windowsPace: InputPace = { maxFrame: 48, unit: 'characters', pauseMs: 30 };

/** The pace for a container group's `osType`. */
export function inputPace(osType: string): InputPace {
  return osType === 'Windows' ? windowsPace : linuxPace;
}

/** Where frames go. */
export interface FrameSink {
  /** Sends a frame; `sent` is called once it has left for the network. */
  send(frame: Uint8Array, sent: () => void): void;
}

/** No more frames are handed over while this many bytes have not left yet. */
const maxUnsent = 64 * 1024;

const interrupt = '\x03';
const pasteEnd = '\x1b[201~';

/**
 * Sends typed text as frames, in order: what arrives in one tick goes together, cut to the pace. Ctrl-C drops what
 * is still waiting, as a terminal's own driver does, so that it stops a paste instead of queueing behind it.
 */
export class InputQueue {
  private pending = '';
  /** The part of the paste that is being sent, as bytes. */
  private bytes: Uint8Array = new Uint8Array();
  private unsent = 0;
  private tick: NodeJS.Immediate | undefined;
  private pause: NodeJS.Timeout | undefined;
  private readonly sink: FrameSink;
  private readonly pace: InputPace;

  constructor(pace: InputPace, sink: FrameSink) {
    this.pace = pace;
    this.sink = sink;
  }

  write(text: string): void {
    if (text === interrupt && this.waiting) {
      // A shell that is inside a bracketed paste would take Ctrl-C for a part of it.
      const insidePaste = this.pending.includes(pasteEnd) || Buffer.from(this.bytes).includes(pasteEnd);
      this.pending = insidePaste ? pasteEnd + interrupt : interrupt;
      this.bytes = new Uint8Array();
    } else {
      this.pending += text;
    }
    this.schedule();
  }

  /** Forgets what is not sent yet. */
  dispose(): void {
    this.pending = '';
    this.bytes = new Uint8Array();
    clearImmediate(this.tick);
    clearTimeout(this.pause);
    this.tick = undefined;
    this.pause = undefined;
  }

  private get waiting(): boolean {
    return this.pending !== '' || this.bytes.length > 0;
  }

  private schedule(): void {
    if (this.waiting && this.pause === undefined && this.unsent < maxUnsent) {
      this.tick ??= setImmediate(() => {
        this.tick = undefined;
        this.flush();
      });
    }
  }

  private flush(): void {
    while (this.waiting && this.unsent < maxUnsent) {
      const frame = this.pace.unit === 'bytes' ? this.nextBytes() : this.nextCharacters();
      this.unsent += frame.length;
      this.sink.send(frame, () => {
        this.unsent -= frame.length;
        this.schedule();
      });
      if (this.pace.pauseMs > 0) {
        this.pause = setTimeout(() => {
          this.pause = undefined;
          this.flush();
        }, this.pace.pauseMs);
        return;
      }
    }
  }

  private nextBytes(): Uint8Array {
    if (this.bytes.length === 0) {
      this.bytes = Buffer.from(this.pending, 'utf8');
      this.pending = '';
    }
    const frame = this.bytes.subarray(0, this.pace.maxFrame);
    this.bytes = this.bytes.subarray(frame.length);
    return frame;
  }

  private nextCharacters(): Uint8Array {
    const text = wholeCharacters(this.pending, this.pace.maxFrame);
    this.pending = this.pending.slice(text.length);
    return Buffer.from(text, 'utf8');
  }
}

/** The longest start of `text` of at most `length` UTF-16 units that cuts no surrogate pair. */
function wholeCharacters(text: string, length: number): string {
  const cut = text.slice(0, length);
  const splitsPair = text.length > length && /[\uD800-\uDBFF]$/.test(cut);
  return splitsPair ? cut.slice(0, -1) : cut;
}
