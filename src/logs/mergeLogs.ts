import { isCancellation } from '../base/cancellation.ts';
import { delay } from '../base/delay.ts';
import type { LogEvent, LogNotice } from './followLog.ts';
import type { LogLine } from './logLine.ts';

/** What one of several logs says; `from` is its place among them. */
export type MergedEvent = { readonly from: number } & (
  | { readonly kind: 'line'; readonly line: LogLine }
  | { readonly kind: 'notice'; readonly notice: LogNotice }
  /** It is followed no further. */
  | { readonly kind: 'failed'; readonly error: unknown }
);

type Arrival = { readonly from: number } & (
  { readonly event: LogEvent } | { readonly event: undefined; readonly error: unknown }
);

/** How long what has come from one log waits for the others, in milliseconds. */
const togetherMs = 100;

/** The same for what is there at the beginning. */
const firstTogetherMs = 2_000;

/**
 * Follows several logs at once: what comes at about the same time is in the order of its timestamps, and each log in its
 * own. Ends when none is followed any more.
 */
export async function* mergeLogs(
  logs: readonly AsyncIterable<LogEvent>[],
  signal: AbortSignal,
  wait: (ms: number, signal: AbortSignal) => Promise<void> = delay,
): AsyncGenerator<readonly MergedEvent[], void, undefined> {
  let arrived: Arrival[] = [];
  let heard = Promise.withResolvers<undefined>();
  let taken = Promise.withResolvers<undefined>();
  let followed = logs.length;
  const silent = new Set(logs.keys());
  const arrive = (arrival: Arrival) => {
    arrived.push(arrival);
    silent.delete(arrival.from);
    heard.resolve(undefined);
  };
  const follow = async (log: AsyncIterable<LogEvent>, from: number) => {
    try {
      for await (const event of log) {
        arrive({ from, event });
        await taken.promise;
      }
    } catch (error) {
      if (!isCancellation(error)) {
        arrive({ from, event: undefined, error });
      }
    } finally {
      followed--;
      silent.delete(from);
      heard.resolve(undefined);
    }
  };
  logs.forEach((log, from) => void follow(log, from));
  const lastTimes = logs.map(() => '');
  while (followed > 0 || arrived.length > 0) {
    await heard.promise;
    for (let waited = 0; logs.length > 1 && waited < (silent.size > 0 ? firstTogetherMs : togetherMs);) {
      await wait(togetherMs, signal);
      waited += togetherMs;
    }
    const batch = arrived;
    arrived = [];
    heard = Promise.withResolvers();
    if (followed === 0) {
      heard.resolve(undefined);
    }
    yield inOrder(batch, lastTimes);
    taken.resolve(undefined);
    taken = Promise.withResolvers();
  }
}

/** `lastTimes` has the latest time of each log, and is kept. */
function inOrder(batch: readonly Arrival[], lastTimes: string[]): readonly MergedEvent[] {
  const timed: { readonly time: string; readonly event: MergedEvent }[] = [];
  for (const arrival of batch) {
    const { from, event } = arrival;
    let time = lastTimes[from] ?? '';
    if (event === undefined) {
      timed.push({ time, event: { from, kind: 'failed', error: arrival.error } });
    } else if (event.kind !== 'lines') {
      timed.push({ time, event: { from, kind: 'notice', notice: event } });
    } else {
      for (const line of event.lines) {
        time = line.time > time ? line.time : time; // two streams of one container may be a little out of order
        timed.push({ time, event: { from, kind: 'line', line } });
      }
    }
    lastTimes[from] = time;
  }
  return timed.toSorted((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time))).map(({ event }) => event);
}
