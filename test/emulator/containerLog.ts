/** What the service keeps of a running container's log, in bytes (API specification). */
const runningBytes = 4 * 1024 * 1024;

/** The same of an ended one's (Azure's limits of Container Instances). */
const ended = { bytes: 16 * 1024, lines: 1_000 };

interface LogLine {
  readonly at: number;
  readonly text: string;
}

/** How a log is read. */
interface Reading {
  /** All lines without it. */
  readonly tail?: number | undefined;
  readonly timestamps?: boolean;
  /** Whether the container runs: the service keeps less of an ended one. */
  readonly isRunning: boolean;
}

/** The log of one run of a container, as far as the service keeps it. */
export class ContainerLog {
  private lines: LogLine[] = [];
  private bytes = 0;
  private beats = 0;
  private endedAt: number | undefined;
  private readonly lineMs: () => number;
  private lastBeat: number;
  /** How many lines were ever written. */
  private written = 0;

  /** Begins with lines that were written at `startedAt`; then one comes every `lineMs` milliseconds. */
  constructor(texts: readonly string[], startedAt: number, lineMs: () => number) {
    this.lastBeat = Date.now();
    this.lineMs = lineMs;
    texts.forEach((text, index) => this.add({ at: startedAt + index, text }));
  }

  /** The container writes lines of its own, all at once. */
  write(texts: readonly string[]): void {
    this.advance();
    const at = Date.now();
    texts.forEach((text) => this.add({ at, text }));
  }

  /** The container has ended: no more lines come. */
  end(): void {
    this.advance();
    this.endedAt = Date.now();
  }

  /** The lines that were written after so many, and how many there are by now. */
  after(written: number): { readonly texts: readonly string[]; readonly written: number } {
    this.advance();
    const fresh = Math.min(this.written - written, this.lines.length);
    const texts = fresh <= 0 ? [] : this.lines.slice(-fresh).map(({ text }) => text);
    return { texts, written: this.written };
  }

  /** The log as the service answers it: lines that end in LF. */
  read({ tail, timestamps = false, isRunning }: Reading): string {
    this.advance();
    const kept = isRunning
      ? lastBytes(this.lines, runningBytes)
      : lastBytes(this.lines.slice(-ended.lines), ended.bytes);
    const shown = tail === undefined ? kept : kept.slice(-tail);
    return shown
      .map(
        ({ at, text }) =>
          `${timestamps ? `${new Date(at).toISOString().replace('Z', '000000Z')} ` : ''}${text}\n`,
      )
      .join('');
  }

  /** Writes the lines that have come with time. */
  private advance(): void {
    const now = this.endedAt ?? Date.now();
    const lineMs = this.lineMs();
    for (; lineMs > 0 && this.lastBeat + lineMs <= now; this.beats++) {
      this.lastBeat += lineMs;
      this.add({ at: this.lastBeat, text: `GET /health 200 ${this.beats}` });
    }
  }

  private add(line: LogLine): void {
    this.lines.push(line);
    this.written++;
    this.bytes += sizeOf(line);
    if (this.bytes > 1.25 * runningBytes) {
      this.lines = [...lastBytes(this.lines, runningBytes)];
      this.bytes = this.lines.reduce((sum, each) => sum + sizeOf(each), 0);
    }
  }
}

function sizeOf({ text }: LogLine): number {
  return Buffer.byteLength(text) + 1;
}

/** As many of the last lines as so many bytes hold. */
function lastBytes(lines: readonly LogLine[], most: number): readonly LogLine[] {
  let bytes = 0;
  const before = lines.findLastIndex((line) => (bytes += sizeOf(line)) > most);
  return lines.slice(before + 1);
}
