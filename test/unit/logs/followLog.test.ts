import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AzureError, type AzureProblem } from '../../../src/azure/errors.ts';
import { onAbort } from '../../../src/base/cancellation.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { followLog, type LogEvent } from '../../../src/logs/followLog.ts';
import { expectEveryLineOnce } from '../../support/logs/followed.ts';
import { SimulatedLog } from '../../support/logs/simulatedLog.ts';

/** Follows a log while `during` lets things happen in each wait, until it says that it is over. */
async function follow(
  log: SimulatedLog,
  during: (wait: number, ms: number) => unknown,
  firstLines = 1_000,
): Promise<readonly LogEvent[]> {
  const ended = new AbortController();
  let waits = 0;
  const wait = (ms: number) => {
    log.now += ms;
    if (during(waits++, ms) === 'over') {
      ended.abort();
      return Promise.reject(ended.signal.reason as Error); // aborted just now
    }
    return Promise.resolve();
  };
  const events: LogEvent[] = [];
  const options = { firstLines, signal: ended.signal, wait, now: () => log.now };
  await assert.rejects(
    async () => {
      for await (const event of followLog(log, options)) {
        events.push(event);
      }
    },
    { name: 'AbortError' },
  );
  return events;
}

/** The events as short texts. */
function told(events: readonly LogEvent[]): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'lines' ? event.lines.map(({ text }) => text) : [`<${event.kind}>`],
  );
}

const after = (last: number) => (wait: number) => (wait === last ? 'over' : undefined);

describe('followLog', () => {
  it('shows every line once and in order, or says where some may be missing', () => expectEveryLineOnce(300));

  it('asks every second while there is news, and after ever longer waits, of ten seconds at most, while there is none', async () => {
    const log = new SimulatedLog();
    const waits: number[] = [];
    await follow(log, (wait, ms) => {
      waits.push(ms);
      if (wait < 2 || wait === 8) {
        log.write('news');
      }
      return wait === 9 ? 'over' : undefined;
    });
    assert.deepEqual(waits, [1_000, 1_000, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 1_000]);
  });

  it('asks for as many lines as are likely to be new', async () => {
    const log = new SimulatedLog();
    const line = '.'.repeat(100);
    for (let count = 0; count < 20_000; count++) {
      log.now++;
      log.write(line);
    }
    let followedFrom = 0;
    let written = 0;
    await follow(log, (wait) => {
      followedFrom = wait === 0 ? log.bytes : followedFrom;
      for (let count = 0; count < 10; count++) {
        log.now++;
        log.write(line);
        written += line.length;
      }
      return wait === 30 ? 'over' : undefined;
    });
    const times = (log.bytes - followedFrom) / written;
    assert.ok(times < 2.7, `${times.toFixed(1)} times the bytes of the new lines`);
  });

  it('finds its place after a burst, and says nothing of it', async () => {
    const log = new SimulatedLog();
    log.write('first');
    const burst = Array.from({ length: 5_000 }, (_, index) => `line ${index}`);
    const events = await follow(log, (wait) => (wait === 0 ? log.write(...burst) : after(3)(wait)));
    assert.deepEqual(told(events), ['first', ...burst]);
  });

  it('says that the log has earlier lines', async () => {
    const log = new SimulatedLog();
    log.write('a', 'b', 'c');
    assert.deepEqual(told(await follow(log, after(0), 2)), ['<earlier>', 'b', 'c']);
  });

  it('says that a container has restarted, also one that had logged nothing when it was first asked', async () => {
    const log = new SimulatedLog();
    const events = await follow(log, (wait) => {
      if (wait === 0) {
        log.write('nobody sees this');
        log.restart();
      }
      log.write(`run ${log.runs.length}`);
      if (wait === 1) {
        log.now++;
        log.restart();
      }
      return after(3)(wait);
    });
    assert.deepEqual(told(events), ['<restarted>', 'run 2', '<waiting>', '<restarted>', 'run 3']);
  });

  it('says that a container has ended, once it is quiet, and once only', async () => {
    const log = new SimulatedLog();
    let looksInQuiet = 0;
    const events = await follow(log, (wait) => {
      if (wait === 0) {
        log.write('last words');
        log.end(3);
      }
      if (wait === 20) {
        looksInQuiet = log.looks;
        log.restart();
        log.write('again');
      }
      if (wait === 21) {
        log.end(0);
      }
      return after(40)(wait);
    });
    const quiet = events.filter(({ kind }) => kind === 'ended');
    assert.deepEqual(quiet, [
      { kind: 'ended', exitCode: 3 },
      { kind: 'ended', exitCode: 0 },
    ]);
    assert.deepEqual(told(events), ['last words', '<ended>', '<restarted>', 'again', '<ended>']);
    assert.equal(looksInQuiet, 3, 'at first, with the first line, and once to learn of the end');
  });

  it('asks whether a quiet container still runs once a minute, and says nothing of one that does', async () => {
    const log = new SimulatedLog();
    const startedAt = log.now;
    log.write('only words');
    const events = await follow(log, () => (log.now - startedAt > 600_000 ? 'over' : undefined));
    assert.deepEqual(told(events), ['only words']);
    assert.ok(log.looks <= 11, `${log.looks} times in ten minutes`);
    assert.ok(log.looks >= 9, `${log.looks} times in ten minutes`);
  });

  it('says where the service keeps too little, and repeats nothing that is kept', async () => {
    const log = new SimulatedLog(16_384);
    const line = '.'.repeat(400);
    log.write(`first${line}`);
    const events = await follow(log, (wait) => {
      if (wait === 0) {
        log.write(...Array.from({ length: 50 }, () => line), 'last');
      }
      return after(2)(wait);
    });
    const texts = told(events);
    assert.equal(texts[1], '<gap>');
    assert.equal(texts.at(-1), 'last');
  });

  it('takes no log for whole that may have been cut where the container ended', async () => {
    const log = new SimulatedLog(16_384);
    const line = '.'.repeat(300);
    log.write(line);
    // All at one time: the lines that are kept could be the first ones.
    log.now -= 1_000;
    const events = await follow(log, (wait) => {
      if (wait === 0) {
        log.write(...Array.from({ length: 200 }, () => line));
        log.now += 10_000;
        log.write('last');
      }
      return after(2)(wait);
    });
    assert.deepEqual(told(events), [line, '<gap>', 'last']);
  });

  const passing: readonly (readonly [AzureProblem, readonly string[]])[] = [
    [{ kind: 'logNotAvailable', detail: '' }, ['<waiting>']],
    [{ kind: 'transitioning', detail: '' }, ['<waiting>']],
    [{ kind: 'throttled', retryAfterSeconds: 30 }, ['<throttled>', '<resumed>']],
    [{ kind: 'brokenOff' }, ['<interrupted>', '<resumed>']],
    [{ kind: 'unreachable', host: '', code: 'ECONNRESET' }, ['<interrupted>', '<resumed>']],
  ];
  for (const [problem, notices] of passing) {
    it(`goes on after "${problem.kind}", and says it once`, async () => {
      const log = new SimulatedLog();
      log.write('before');
      const waits: number[] = [];
      const events = await follow(log, (wait, ms) => {
        waits.push(ms);
        log.problem = wait < 2 ? problem : undefined;
        if (wait === 1) {
          log.write('after');
        }
        return after(3)(wait);
      });
      assert.deepEqual(told(events), ['before', ...notices, 'after']);
      assert.ok((waits[1] ?? 0) >= (problem.kind === 'throttled' ? 30_000 : 2_000));
    });
  }

  for (const [name, problem, hurried] of [
    ['a wait for news', undefined, true],
    ['a wait for Azure to be reached', { kind: 'brokenOff' }, true],
    ['no wait that Azure asks for', { kind: 'throttled', retryAfterSeconds: 30 }, false],
  ] as const) {
    it(`who wants to see what there is now ends ${name}`, async () => {
      const log = new SimulatedLog();
      log.problem = problem;
      const wanted = new Emitter<void>();
      const ended = new AbortController();
      let waits = 0;
      const wait = (_ms: number, signal: AbortSignal) => {
        waits++;
        if (waits === 2) {
          ended.abort();
        }
        return new Promise<void>((_resolve, reject) => {
          onAbort(signal, reject);
          wanted.fire();
          if (waits === 1 && !signal.aborted) {
            ended.abort();
          }
        });
      };
      const options = { firstLines: 1, signal: ended.signal, wait, onWanted: wanted.event };
      await assert.rejects(
        async () => {
          for await (const event of followLog(log, options)) {
            assert.notEqual(event.kind, 'lines');
          }
        },
        { name: 'AbortError' },
      );
      assert.equal(waits, hurried ? 2 : 1);
    });
  }

  it('ends where waiting does not help', async () => {
    for (const problem of [
      { kind: 'notFound', detail: 'gone' },
      { kind: 'forbidden', action: 'read', detail: '' },
    ] as const) {
      const log = new SimulatedLog();
      log.problem = problem;
      const { signal } = new AbortController();
      await assert.rejects(followLog(log, { firstLines: 1, signal }).next(), new AzureError(problem));
    }
  });

  it('says that it slept, and goes on', async () => {
    const log = new SimulatedLog();
    log.write('before');
    const events = await follow(log, (wait) => {
      if (wait === 0) {
        log.now += 3_600_000;
        log.write('meanwhile');
      }
      return after(1)(wait);
    });
    assert.deepEqual(told(events), ['before', '<slept>', 'meanwhile']);
  });

  it('survives a service without timestamps as far as lines differ', async () => {
    const lines = ['a', 'b'];
    const source = {
      read: () => Promise.resolve(lines.map((line) => `${line}\n`).join('')),
      run: () => Promise.resolve({ id: '1', isRunning: true }),
    };
    const ended = new AbortController();
    const wait = () => {
      lines.push(`line ${lines.length}`);
      if (lines.length > 5) {
        ended.abort();
      }
      return ended.signal.aborted ? Promise.reject(ended.signal.reason as Error) : Promise.resolve(); // as above
    };
    const events: LogEvent[] = [];
    await assert.rejects(async () => {
      for await (const event of followLog(source, { firstLines: 10, signal: ended.signal, wait })) {
        events.push(event);
      }
    });
    assert.deepEqual(told(events), ['a', 'b', 'line 2', 'line 3', 'line 4']);
  });
});
