import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import type { LogEvent } from '../../../src/logs/followLog.ts';
import { mergeLogs, type MergedEvent } from '../../../src/logs/mergeLogs.ts';

const { signal } = new AbortController();
const wait = () => new Promise<void>((resolve) => setImmediate(resolve));

const line = (time: string, text: string) => ({ raw: `${time} ${text}`, time, text });

async function* logOf(events: readonly LogEvent[], error?: Error): AsyncGenerator<LogEvent> {
  for (const event of events) {
    await Promise.resolve();
    yield event;
  }
  if (error !== undefined) {
    throw error;
  }
}

async function merged(logs: readonly AsyncIterable<LogEvent>[]): Promise<readonly MergedEvent[]> {
  const all: MergedEvent[] = [];
  for await (const batch of mergeLogs(logs, signal, wait)) {
    all.push(...batch);
  }
  return all;
}

const texts = (events: readonly MergedEvent[]) =>
  events.map((event) =>
    event.kind === 'line' ? event.line.text : event.kind === 'notice' ? event.notice.kind : event.kind,
  );

describe('mergeLogs', () => {
  it('orders what comes together by its timestamps', async () => {
    const first = logOf([{ kind: 'lines', lines: [line('1', 'a'), line('3', 'c'), line('55', 'e')] }]);
    const second = logOf([{ kind: 'lines', lines: [line('2', 'b'), line('5', 'd')] }]);
    assert.deepEqual(texts(await merged([first, second])), ['a', 'b', 'c', 'd', 'e']);
  });

  it('goes on with the others when one fails, and says so', async () => {
    const failing = logOf([{ kind: 'gap' }], new Error('gone'));
    const events = await merged([failing, logOf([{ kind: 'lines', lines: [line('1', 'a')] }])]);
    assert.deepEqual(texts(events).toSorted(), ['a', 'failed', 'gap']);
  });

  it('asks a log for nothing while what it gave is not taken', async () => {
    let given = 0;
    async function* counting(): AsyncGenerator<LogEvent> {
      for (; given < 10; given++) {
        await Promise.resolve();
        yield { kind: 'lines', lines: [line('1', String(given))] };
      }
    }
    const batches = mergeLogs([counting()], signal, wait);
    await batches.next();
    await wait();
    assert.equal(given, 0);
    await batches.next();
    await wait();
    assert.equal(given, 1);
    await batches.return();
  });

  it('keeps each log in its own order, whatever its times are, and loses nothing', async () => {
    const lines = fc.array(
      fc.record({ time: fc.constantFrom('1', '2', '25', '3'), text: fc.string({ maxLength: 3 }) }),
    );
    const log = fc.array(
      lines.map((list) => ({
        kind: 'lines' as const,
        lines: list.map(({ time, text }) => line(time, text)),
      })),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(log, { maxLength: 4 }), async (logs) => {
        const events = await merged(logs.map((events) => logOf(events)));
        for (const [from, own] of logs.entries()) {
          assert.deepEqual(
            events.flatMap((event) => (event.from === from && event.kind === 'line' ? [event.line] : [])),
            own.flatMap((event) => event.lines),
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});
