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

/** Sends typed text as frames, in order: what arrives in one tick goes together, cut to the pace. */
export class InputQueue {
  private pending = '';
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private readonly send: (frame: Uint8Array) => void;
  private readonly pace: InputPace;

  constructor(pace: InputPace, send: (frame: Uint8Array) => void) {
    this.pace = pace;
    this.send = send;
  }

  write(text: string): void {
    this.pending += text;
    this.timer ??= setImmediate(() => this.flush());
  }

  /** Forgets what is not sent yet. */
  dispose(): void {
    this.pending = '';
    clearImmediate(this.timer as NodeJS.Immediate | undefined); // either clear function takes either kind
    clearTimeout(this.timer as NodeJS.Timeout | undefined);
    this.timer = undefined;
  }

  private flush(): void {
    this.timer = undefined;
    if (this.pace.pauseMs === 0) {
      const bytes = Buffer.from(this.pending, 'utf8');
      this.pending = '';
      for (let start = 0; start < bytes.length; start += this.pace.maxFrame) {
        this.send(bytes.subarray(start, start + this.pace.maxFrame));
      }
      return;
    }
    const frame = wholeCharacters(this.pending, this.pace.maxFrame);
    this.pending = this.pending.slice(frame.length);
    this.send(Buffer.from(frame, 'utf8'));
    if (this.pending !== '') {
      this.timer = setTimeout(() => this.flush(), this.pace.pauseMs);
    }
  }
}

/** The longest start of `text` of at most `length` UTF-16 units that cuts no surrogate pair. */
function wholeCharacters(text: string, length: number): string {
  const cut = text.slice(0, length);
  const splitsPair = text.length > length && /[\uD800-\uDBFF]$/.test(cut);
  return splitsPair ? cut.slice(0, -1) : cut;
}
