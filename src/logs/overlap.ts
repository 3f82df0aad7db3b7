import type { LogLine } from './logLine.ts';

/** The end of what has been seen of a log: as much of it as is needed to find it in a later answer. */
export interface SeenEnd {
  /** The last lines: those that share the last one's time, after the line before them. */
  readonly lines: readonly LogLine[];
  /** The log begins with these lines, or has none yet. */
  readonly isStart: boolean;
}

/** The end of `seen` and what came after it. */
export function extend(seen: SeenEnd, fresh: readonly LogLine[]): SeenEnd {
  const lines = [...seen.lines, ...fresh];
  const from = startOfLastTime(lines) - 1;
  return from < 0 ? { lines, isStart: seen.isStart } : { lines: lines.slice(from), isStart: false };
}

/**
 * What an answer holds after what has been seen; undefined where it does not say, as it may begin too late. Lines may be
 * equal in time and text, so those of the last time are counted from the line before them, or from the log's start.
 */
export function linesAfter(
  seen: SeenEnd,
  answer: readonly LogLine[],
  isFromStart: boolean,
): readonly LogLine[] | undefined {
  if (seen.isStart) {
    return isFromStart && begins(answer, 0, seen.lines) ? answer.slice(seen.lines.length) : undefined;
  }
  const [before, ...last] = seen.lines;
  const [first] = last;
  if (before === undefined || first === undefined || before.time === first.time) {
    return undefined;
  }
  const start = answer.findIndex(
    ({ time }, at) => time === first.time && answer[at - 1]?.raw === before.raw && begins(answer, at, last),
  );
  return start < 0 ? undefined : answer.slice(start + last.length);
}

/** The lines of an answer that were surely written after what has been seen, by their times. */
export function linesLater(seen: SeenEnd, answer: readonly LogLine[]): readonly LogLine[] {
  const time = seen.lines.at(-1)?.time ?? '';
  return answer.slice(answer.findLastIndex((line) => line.time <= time) + 1);
}

function begins(lines: readonly LogLine[], at: number, expected: readonly LogLine[]): boolean {
  return expected.every(({ raw }, index) => lines[at + index]?.raw === raw);
}

/** Where the lines begin that share the last one's time. */
function startOfLastTime(lines: readonly LogLine[]): number {
  const time = lines.at(-1)?.time;
  return lines.findLastIndex((line) => line.time !== time) + 1;
}
