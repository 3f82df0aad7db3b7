import assert from 'node:assert/strict';
import fc from '../fc.ts';
import type { AzureProblem } from '../../../src/azure/errors.ts';
import { isCancellation } from '../../../src/base/cancellation.ts';
import { followLog, type LogEvent } from '../../../src/logs/followLog.ts';
import { SimulatedLog } from './simulatedLog.ts';

/** What happens to a log, before a read or while its follower waits. */
type Step = { readonly when: 'read' | 'wait' } & (
  | { readonly kind: 'write'; readonly count: number; readonly pauseMs: number; readonly letters: string }
  | { readonly kind: 'restart'; readonly staleLooks: number }
  | { readonly kind: 'fail'; readonly problem: AzureProblem }
  | { readonly kind: 'cut'; readonly missing: number }
);

interface Case {
  readonly steps: readonly Step[];
  /** Whether the service keeps 16 KB only. */
  readonly isShort: boolean;
  readonly firstLines: number;
  /** Parts of the waits after which news is told, as by an open socket; the whole wait where there are none. */
  readonly wakes: readonly number[];
}

const when = fc.constantFrom('read', 'wait');
const write = fc.record({
  when,
  kind: fc.constant('write' as const),
  // Mostly a few lines; bursts are larger than what is asked for, and than what is kept.
  count: fc.oneof({ weight: 4, arbitrary: fc.nat(6) }, fc.nat(60)),
  // Equal times, and such as Go writes shorter than others.
  pauseMs: fc.constantFrom(0, 0, 1, 10, 100, 1000),
  letters: fc.constantFrom('a', 'a', 'ab', 'abc'),
});
const restart = fc.record({ when, kind: fc.constant('restart' as const), staleLooks: fc.nat(1) });
const fail = fc.record({
  when,
  kind: fc.constant('fail' as const),
  problem: fc.constantFrom<AzureProblem>(
    { kind: 'brokenOff' },
    { kind: 'unreachable', host: 'management.azure.com', code: 'ECONNRESET' },
    { kind: 'throttled', retryAfterSeconds: 7 },
    { kind: 'logNotAvailable', detail: '' },
    { kind: 'transitioning', detail: '' },
  ),
});
const cut = fc.record({ when, kind: fc.constant('cut' as const), missing: fc.integer({ min: 1, max: 500 }) });
const step = fc.oneof(
  { weight: 6, arbitrary: write },
  { weight: 1, arbitrary: restart },
  { weight: 1, arbitrary: fail },
  { weight: 1, arbitrary: cut },
);
const anyCase: fc.Arbitrary<Case> = fc.record({
  steps: fc.array(step, { maxLength: 16 }),
  isShort: fc.boolean(),
  firstLines: fc.constantFrom(1, 3, 10, 1_000),
  wakes: fc.oneof(fc.constant([]), fc.array(fc.constantFrom(0, 0, 0.1, 1), { minLength: 1 })),
});

/** Long enough for sixteen thousand bytes to be some thirty lines. */
const padding = '.'.repeat(500);

const keptBytes = 16_384;

/** Follows the log of a case to its end. */
async function follow({ steps, isShort, firstLines, wakes }: Case) {
  const log = new SimulatedLog(isShort ? keptBytes : undefined);
  const ended = new AbortController();
  const rest = [...steps];
  let waits = 0;
  /** Polls that were answered; one that fails is none. */
  let polls = 0;
  let isAnswered = false;
  let lastCut = -2;
  const perform = (one: Step) => {
    switch (one.kind) {
      case 'write':
        for (let line = 0; line < one.count; line++) {
          log.now += one.pauseMs;
          log.write(`${one.letters.charAt(line % one.letters.length)}${padding}`);
        }
        break;
      case 'restart':
        log.now++; // no container ends and starts in no time
        log.restart();
        log.staleLooks = one.staleLooks;
        break;
      case 'fail':
        log.problem = one.problem;
        break;
      case 'cut':
        // The line is whole by the next poll.
        log.missing = polls - lastCut < 2 ? 0 : one.missing;
        lastCut = polls;
        break;
    }
  };
  let quiet = 0;
  const source = {
    read: async (tail: number, signal: AbortSignal) => {
      if (rest[0]?.when === 'read') {
        perform(rest.shift() as Step); // it is there
      }
      isAnswered = false;
      const content = await log.read(tail, signal);
      isAnswered = true;
      return content;
    },
    run: () => log.run(),
  };
  const wait = (ms: number) => {
    const wake = wakes[waits++ % Math.max(1, wakes.length)];
    polls += Number(isAnswered);
    log.now += wake === undefined ? ms : Math.ceil(ms * wake);
    const next = rest.shift();
    if (next !== undefined) {
      perform(next);
    } else if (quiet++ === 0) {
      log.now++;
      log.write(`the ${padding}`, 'end');
      log.now++;
      log.write('of all');
    } else if (quiet > 3) {
      ended.abort();
    }
    return ended.signal.aborted ? Promise.reject(ended.signal.reason as Error) : Promise.resolve(); // aborted above
  };
  const events: LogEvent[] = [];
  try {
    const options = { firstLines, signal: ended.signal, wait, now: () => log.now };
    for await (const event of followLog(source, options)) {
      events.push(event);
    }
  } catch (error) {
    assert.ok(isCancellation(error), String(error));
  }
  return { log, events };
}

/** The lines between places where some may be missing. */
function segmentsOf(events: readonly LogEvent[]): readonly (readonly string[])[] {
  const segments: string[][] = [[]];
  for (const event of events) {
    if (event.kind === 'gap' || event.kind === 'restarted') {
      segments.push([]);
    } else if (event.kind === 'lines') {
      segments.at(-1)?.push(...event.lines.map(({ raw }) => raw));
    }
  }
  return segments.filter((segment) => segment.length > 0);
}

/** Whether each segment is a part of one run without a hole, after the ones before, and the last one reaches the end. */
function expectInOrder(segments: readonly (readonly string[])[], runs: readonly (readonly string[])[]): void {
  let run = 0;
  let at = 0;
  for (const segment of segments) {
    for (;;) {
      const lines = runs[run];
      assert.ok(lines !== undefined, `in no run after the lines before: ${short(segment)}`);
      const start = at;
      const found = lines.findIndex(
        (_, index) => index >= start && segment.every((line, offset) => lines[index + offset] === line),
      );
      if (found >= 0) {
        at = found + segment.length;
        break;
      }
      run++;
      at = 0;
    }
  }
  assert.deepEqual([run, at], [runs.length - 1, runs.at(-1)?.length], 'the end was not shown');
}

function short(lines: readonly string[]): string {
  return lines.map((line) => line.replaceAll(padding, '')).join(' | ');
}

/** Every line once and in order, or a place where lines may be missing, and none without a reason. */
export async function expectEveryLineOnce(numRuns: number): Promise<void> {
  let gaps = 0;
  await fc.assert(
    fc.asyncProperty(anyCase, async (one) => {
      const { log, events } = await follow(one);
      const segments = segmentsOf(events);
      expectInOrder(segments, log.runs);
      const stated = events.filter(({ kind }) => kind === 'gap' || kind === 'restarted').length;
      gaps += stated;
      const restarts = one.steps.filter(({ kind }) => kind === 'restart').length;
      if (!one.isShort && one.firstLines === 1_000) {
        assert.ok(stated <= restarts, `${stated} places where lines may be missing, ${restarts} restarts`);
        if (restarts === 0) {
          assert.deepEqual(segments, log.runs);
        }
      }
    }),
    { numRuns },
  );
  assert.ok(gaps > 0, 'no case had a gap');
}
