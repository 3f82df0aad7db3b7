/** One line of a container's log, as the service answers it with timestamps. */
export interface LogLine {
  /** The line as it came, with its timestamp. */
  readonly raw: string;
  /** When it was written, to be compared as text; that of the line before where it has none of its own. */
  readonly time: string;
  /** The line as it was written. */
  readonly text: string;
}

/** What an answer holds of a log. */
export interface LogPart {
  readonly lines: readonly LogLine[];
  /** The last line has no end: the answer may have been made while it was being written. */
  readonly isUnfinished: boolean;
}

const timestamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d) ?/;

/** Reads an answer of *List Logs* with timestamps. */
export function parseLog(content: string): LogPart {
  const texts = content.split('\n');
  const last = texts.pop() ?? '';
  const isUnfinished = last !== '';
  if (isUnfinished) {
    texts.push(last);
  }
  let time = '';
  const lines = texts.map((raw) => {
    const [prefix = '', seconds = '', fraction = '', zone = 'Z'] = timestamp.exec(raw) ?? [];
    time = prefix === '' ? time : comparable(seconds, fraction, zone);
    return { raw, time, text: raw.slice(prefix.length, raw.endsWith('\r') ? -1 : undefined) };
  });
  return { lines, isUnfinished };
}

/** A time in UTC without its zone: a fraction has as many digits as it needs, so the zone would come in between. */
function comparable(seconds: string, fraction: string, zone: string): string {
  const at = zone === 'Z' ? Number.NaN : Date.parse(`${seconds}${zone}`);
  return `${Number.isNaN(at) ? seconds : new Date(at).toISOString().slice(0, 19)}${fraction}`;
}
