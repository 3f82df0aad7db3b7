import { toAzureError, type AzureProblem } from '../azure/errors.ts';
import { isCancellation, onAbort } from '../base/cancellation.ts';
import { clock, type Clock } from '../base/clock.ts';
import { delay } from '../base/delay.ts';
import type { Event } from '../base/emitter.ts';
import type { ContainerRun } from './containerRun.ts';
import { parseLog, type LogLine } from './logLine.ts';
import { extend, linesAfter, linesLater, type SeenEnd } from './overlap.ts';
import { PollPace } from './pollPace.ts';

/** Where a log comes from. Both methods throw {@link AzureError} or an AbortError. */
export interface LogSource {
  /** The last `tail` lines with their timestamps, as *List Logs* answers them. */
  read(tail: number, signal: AbortSignal): Promise<string>;
  run(signal: AbortSignal): Promise<ContainerRun>;
}

/** Something to know about the lines that follow, or about why none do. */
export type LogNotice =
  /** The log has earlier lines, which are not shown. */
  | { readonly kind: 'earlier' }
  /** The container has started anew and its log with it; the last lines of its former run may be missing. */
  | { readonly kind: 'restarted' }
  /** The container has ended; its log goes on if it is started again. */
  | { readonly kind: 'ended'; readonly exitCode: number | undefined }
  /** More was written than the service keeps: lines may be missing here. */
  | { readonly kind: 'gap' }
  /** There is no log yet, or the container group is being changed. */
  | { readonly kind: 'waiting' }
  /** The service does not take as many requests; in seconds. */
  | { readonly kind: 'throttled'; readonly seconds: number }
  /** The service was not reached, or failed; it is asked again. */
  | { readonly kind: 'interrupted'; readonly problem: AzureProblem }
  /** It is reached again. */
  | { readonly kind: 'resumed' }
  /** Nothing could be asked for so long, as while the computer slept; in milliseconds. */
  | { readonly kind: 'slept'; readonly ms: number };

export type LogEvent = { readonly kind: 'lines'; readonly lines: readonly LogLine[] } | LogNotice;

export interface FollowOptions {
  /** The most lines that are shown of what is there already. */
  readonly firstLines: number;
  readonly signal: AbortSignal;
  /** Waits until the next poll, for so many milliseconds or until there is news. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends a wait: somebody wants to see what there is now. */
  readonly onWanted?: Event<void>;
  readonly now?: Clock;
}

/** Well below what the service keeps, which is 4 MB of a running container, and 16 KB or 1,000 lines of an ended one. */
const surelyKept = {
  running: { bytes: 3_500_000, lines: Number.POSITIVE_INFINITY },
  ended: { bytes: 8_000, lines: 500 },
};

/** After so long without news the container is asked for: that it has ended is not in its log. In milliseconds. */
const quietMs = 10_000;

/** The same again while there is no news. */
const quietAgainMs = 60_000;

/** A wait that took so much longer than it should was a sleep, in milliseconds. */
const sleepMs = 90_000;

/**
 * Follows a log that can only be read from its end: each line once and in order, or a notice where lines may be missing.
 * While nobody takes the next event, nothing is asked of the service.
 * @throws what the signal is aborted with, or an {@link AzureError} where waiting does not help: the container is gone,
 * or may not be read.
 */
export async function* followLog(
  source: LogSource,
  { firstLines, signal, wait = delay, onWanted, now = clock }: FollowOptions,
): AsyncGenerator<LogEvent, void, undefined> {
  const pace = new PollPace(now);
  const reader = new LogReader(source, pace, now, firstLines, signal);
  let trouble: LogNotice['kind'] | undefined;
  for (;;) {
    let waitMs = 0;
    let mayHurry = onWanted;
    try {
      const events = await reader.poll();
      if (trouble !== undefined && trouble !== 'waiting') {
        yield { kind: 'resumed' };
      }
      trouble = undefined;
      yield* events;
    } catch (error) {
      const notice = noticeOf(error);
      if (notice.kind !== trouble) {
        yield notice;
      }
      trouble = notice.kind;
      pace.slowDown();
      if (notice.kind === 'throttled') {
        waitMs = notice.seconds * 1000;
        mayHurry = undefined;
      }
    }
    waitMs = Math.max(waitMs, pace.waitMs);
    const startedAt = now();
    await untilWanted((both) => wait(waitMs, both), mayHurry, signal);
    const sleptMs = now() - startedAt - waitMs;
    if (sleptMs > sleepMs) {
      yield { kind: 'slept', ms: sleptMs };
    }
  }
}

/** Waits, but no longer than until somebody wants to know. @throws what the signal is aborted with. */
async function untilWanted(
  wait: (signal: AbortSignal) => Promise<void>,
  onWanted: Event<void> | undefined,
  signal: AbortSignal,
): Promise<void> {
  const waiting = new AbortController();
  const listeners = [onAbort(signal, (reason) => waiting.abort(reason)), onWanted?.(() => waiting.abort())];
  try {
    await wait(waiting.signal);
  } catch (error) {
    if (signal.aborted || !waiting.signal.aborted) {
      throw error;
    }
  } finally {
    listeners.forEach((listener) => listener?.dispose());
  }
}

/** What a failed poll means for who follows. @throws the error where waiting does not help. */
function noticeOf(error: unknown): LogNotice {
  if (isCancellation(error)) {
    throw error;
  }
  const { problem } = toAzureError(error);
  switch (problem.kind) {
    case 'logNotAvailable':
    case 'transitioning':
      return { kind: 'waiting' };
    case 'throttled':
      return { kind: 'throttled', seconds: problem.retryAfterSeconds ?? 60 };
    case 'unreachable':
    case 'brokenOff':
    case 'notAzure':
    case 'timedOut':
    case 'service':
      return { kind: 'interrupted', problem };
    default:
      throw error;
  }
}

interface Answer {
  readonly lines: readonly LogLine[];
  /** There are no lines before these. */
  readonly isAll: boolean;
  readonly bytes: number;
}

/** Reads what is new of a log, poll by poll. */
class LogReader {
  private readonly source: LogSource;
  private readonly pace: PollPace;
  private readonly now: Clock;
  private readonly firstLines: number;
  private readonly signal: AbortSignal;
  /** Undefined before the first answer. */
  private seen: SeenEnd | undefined;
  private run: ContainerRun | undefined;
  /** The last line of the latest answer where it had no end, and that of the poll before. */
  private unfinished: string | undefined;
  private unfinishedBefore: string | undefined;
  /** When the container is asked for, if there is no news until then. */
  private askRunAt: number;
  private isEndTold = false;

  constructor(source: LogSource, pace: PollPace, now: Clock, firstLines: number, signal: AbortSignal) {
    this.source = source;
    this.pace = pace;
    this.now = now;
    this.firstLines = firstLines;
    this.signal = signal;
    this.askRunAt = now() + quietMs;
  }

  /** What has happened since the last poll. A poll that fails has changed nothing. */
  async poll(): Promise<readonly LogEvent[]> {
    const sentAt = this.now();
    let events: readonly LogEvent[];
    if (this.seen === undefined) {
      events = await this.first();
      this.pace.began(sentAt);
    } else {
      events = await this.next(this.seen);
      this.pace.answered(linesIn(events), sentAt);
    }
    this.unfinishedBefore = this.unfinished;
    if (events.length > 0) {
      this.askRunAt = sentAt + quietMs;
      return events;
    }
    return sentAt >= this.askRunAt ? this.askRun(sentAt) : [];
  }

  /** Whether the container has ended meanwhile. That it was started again is seen in its log. */
  private async askRun(sentAt: number): Promise<readonly LogEvent[]> {
    if (this.isEndTold) {
      return [];
    }
    this.askRunAt = sentAt + quietAgainMs;
    const { isRunning, exitCode } = await this.source.run(this.signal);
    this.isEndTold = !isRunning;
    return isRunning ? [] : [{ kind: 'ended', exitCode }];
  }

  private async first(): Promise<readonly LogEvent[]> {
    this.run ??= await this.source.run(this.signal);
    const answer = await this.read(this.firstLines);
    const isFromStart = isWhole(answer, this.run);
    this.seen = extend({ lines: [], isStart: isFromStart }, answer.lines);
    return [...(isFromStart ? [] : [{ kind: 'earlier' } as const]), ...linesEvent(answer.lines)];
  }

  /** Asks for ever more lines until what is known is among them, or there are no more. */
  private async next(seen: SeenEnd): Promise<readonly LogEvent[]> {
    for (let tail = this.pace.tail(seen.lines.length); ; tail *= 2) {
      const answer = await this.read(tail);
      const fresh = linesAfter(seen, answer.lines, isWhole(answer));
      // Of a log that was empty nothing can be found again: the container may have restarted meanwhile.
      if (fresh !== undefined && (fresh.length === 0 || seen.lines.length > 0)) {
        this.seen = extend(seen, fresh);
        return linesEvent(fresh);
      }
      if (answer.isAll) {
        // Between two runs there is no log for a while.
        return answer.lines.length === 0 ? [] : this.lost(seen, answer);
      }
    }
  }

  /** What is known is not in the log: the container has restarted, or the service keeps only what came later. */
  private async lost(seen: SeenEnd, answer: Answer): Promise<readonly LogEvent[]> {
    const run = await this.source.run(this.signal);
    const isRestarted = run.id !== this.run?.id;
    const isFromStart = isWhole(answer, run);
    const isUnsure = isRestarted && seen.lines.length === 0;
    const found = isUnsure ? undefined : linesAfter(seen, answer.lines, isFromStart);
    const fresh = found ?? linesLater(seen, answer.lines);
    if (fresh.length === 0) {
      return []; // an answer that is older than the last one
    }
    this.run = run;
    if (found !== undefined) {
      this.seen = extend(seen, found);
      return linesEvent(found);
    }
    this.seen = extend({ lines: [], isStart: isFromStart }, answer.lines);
    this.isEndTold &&= !isRestarted;
    return [{ kind: isRestarted ? 'restarted' : 'gap' }, ...linesEvent(fresh)];
  }

  private async read(tail: number): Promise<Answer> {
    const content = await this.source.read(tail, this.signal);
    const { lines, isUnfinished } = parseLog(content);
    const last = isUnfinished ? lines.at(-1)?.raw : undefined;
    this.unfinished = last;
    // A last line without an end may still grow; one that is the same at two polls does not.
    const isGrowing = last !== undefined && last !== this.unfinishedBefore;
    return {
      lines: isGrowing ? lines.slice(0, -1) : lines,
      isAll: lines.length !== tail, // more than asked for: the service has no tail
      bytes: Buffer.byteLength(content),
    };
  }
}

/** Whether an answer surely begins where the log does. */
function isWhole({ isAll, lines, bytes }: Answer, run?: ContainerRun): boolean {
  const kept = run?.isRunning === true ? surelyKept.running : surelyKept.ended;
  return isAll && lines.length < kept.lines && bytes < kept.bytes;
}

function linesIn(events: readonly LogEvent[]): number {
  return events.reduce((sum, event) => sum + (event.kind === 'lines' ? event.lines.length : 0), 0);
}

function linesEvent(lines: readonly LogLine[]): readonly LogEvent[] {
  return lines.length === 0 ? [] : [{ kind: 'lines', lines }];
}
