/** How long the first characters of a report, which may be the Escape key, wait for more, in milliseconds. */
const keyMs = 10;

/** How long a longer part of a report, which is no key, waits for its rest, in milliseconds. */
const restMs = 1_000;

/** What a terminal answers to a query of ours, or of a program in it. */
export type Report =
  /** A mode that the terminal does not know (DECRPM, `CSI ? mode ; 0 $ y`), of eight digits. */
  | { readonly kind: 'mode'; readonly mode: number }
  /** Its size in characters (`CSI 8 ; rows ; columns t`). */
  | { readonly kind: 'size'; readonly rows: number; readonly columns: number };

// eslint-disable-next-line no-control-regex -- a report starts with ESC
const reports = /\x1b\[(?:\?(\d{8});0\$y|8;(\d{1,5});(\d{1,5})t)/g;

const report = new RegExp(`^${reports.source}$`);

/** One report of each kind: what becomes a report with an end of one of them is the start of one. */
const samples = ['\x1b[?00000000;0$y', '\x1b[8;1;1t'];

/** No report is longer. */
const longest = '\x1b[8;00000;00000t'.length;

/** Asks a terminal about a mode of eight digits, which none knows (DECRQM). */
export function modeQuery(mode: number): string {
  return `\x1b[?${mode}$p`;
}

export interface ReportEvents {
  /** Whether a report is an answer to a query of ours; asked of each one in order. */
  isOurs(report: Report): boolean;
  /** What was typed, in order, and reports that others have asked for. */
  onTyped(text: string): void;
  onReport(report: Report): void;
}

/** Takes reports that we have asked for out of the terminal's input, also where they come together with keys or in parts. */
export class ReportFilter {
  private readonly events: ReportEvents;
  private part = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(events: ReportEvents) {
    this.events = events;
  }

  /** `waiting` is whether any report is still to come; without, nothing is held back. */
  input(data: string, waiting: boolean): void {
    clearTimeout(this.timer);
    const ours: Report[] = [];
    const typed = `${this.part}${data}`.replace(
      reports,
      (text, mode?: string, rows?: string, columns?: string) => {
        const found: Report =
          mode === undefined
            ? { kind: 'size', rows: Number(rows), columns: Number(columns) }
            : { kind: 'mode', mode: Number(mode) };
        if (!this.events.isOurs(found)) {
          return text;
        }
        ours.push(found);
        return '';
      },
    );
    this.part = waiting ? startOfReport(typed) : '';
    if (this.part !== '') {
      this.timer = setTimeout(() => this.release(), this.part.length <= 2 ? keyMs : restMs);
    }
    const rest = typed.slice(0, typed.length - this.part.length);
    if (rest !== '') {
      this.events.onTyped(rest);
    }
    ours.forEach((report) => this.events.onReport(report));
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private release(): void {
    const part = this.part;
    this.part = '';
    this.events.onTyped(part);
  }
}

/** The start of a report with which the text ends, if it does. */
function startOfReport(text: string): string {
  const end = text.slice(-longest);
  const start = end.slice(Math.max(0, end.lastIndexOf('\x1b')));
  const isStart = samples.some((sample) => completions(sample).some((rest) => report.test(start + rest)));
  return isStart ? start : '';
}

/** All that a sample may go on with, in the middle of it or at once. */
function completions(sample: string): readonly string[] {
  return Array.from(sample, (_, from) => sample.slice(from));
}
