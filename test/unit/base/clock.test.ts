import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { steadyClock, timerMs } from '../../../src/base/clock.ts';
import { withTimeLimit } from '../../../src/base/timeLimit.ts';

const hour = 3_600_000;

describe('the steady clock', () => {
  function clocks() {
    const time = { monotonic: 1_000, wall: Date.UTC(2026, 0, 1) };
    const clock = steadyClock(
      () => time.monotonic,
      () => time.wall,
    );
    const startedAt = clock();
    const pass = (ms: number) => {
      time.monotonic += ms;
      time.wall += ms;
    };
    return { time, pass, elapsed: () => clock() - startedAt };
  }

  it('measures the same when wall time is set back', () => {
    const { time, pass, elapsed } = clocks();
    pass(2_000);
    time.wall -= hour;
    assert.equal(elapsed(), 2_000);
    pass(3_000);
    assert.equal(elapsed(), 5_000);
  });

  it('counts the time that the computer was asleep, also where only wall time went on', () => {
    const { time, pass, elapsed } = clocks();
    time.wall += hour;
    assert.equal(elapsed(), hour);
    pass(1_000);
    assert.equal(elapsed(), hour + 1_000);
    pass(hour); // where the monotonic clock goes on too
    assert.equal(elapsed(), 2 * hour + 1_000);
  });

  it('is not moved by small adjustments of wall time', () => {
    const { time, pass, elapsed } = clocks();
    for (let second = 0; second < 4; second++) {
      pass(1_000);
      time.wall += 1_000;
    }
    assert.equal(elapsed(), 4_000);
  });

  it('never goes back, whatever becomes of wall time', () => {
    const step = fc.record({ ms: fc.nat(100_000), set: fc.integer({ min: -hour, max: hour }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { time, pass, elapsed } = clocks();
        for (const { ms, set } of steps) {
          const before = elapsed();
          pass(ms);
          time.wall += set;
          assert.ok(elapsed() >= before + ms);
        }
      }),
    );
  });
});

describe('a time to wait', () => {
  it('is one that a timer can wait for', () => {
    assert.deepEqual([-1, 0, 5, 3e9, Number.POSITIVE_INFINITY].map(timerMs), [
      0,
      0,
      5,
      2 ** 31 - 1,
      2 ** 31 - 1,
    ]);
  });

  it('of a month does not end at once', async () => {
    const { signal } = new AbortController();
    const work = () => new Promise((resolve) => setTimeout(() => resolve('done'), 20));
    assert.equal(await withTimeLimit(signal, 3e9, () => new Error('ended at once'), work), 'done');
  });
});
