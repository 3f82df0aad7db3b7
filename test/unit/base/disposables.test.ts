import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it, mock } from 'node:test';
import fc from '../../support/fc.ts';
import { onAbort, untilAborted } from '../../../src/base/cancellation.ts';
import { DisposableStore } from '../../../src/base/disposableStore.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { Limiter } from '../../../src/base/limiter.ts';
import { withTimeLimit } from '../../../src/base/timeLimit.ts';

const noLimit = new AbortController().signal;

/** How many listeners wait for a signal. */
function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

describe('Emitter', () => {
  it('a second listener never unplugs the first, and each goes by itself', () => {
    const emitter = new Emitter<number>();
    const heard: string[] = [];
    const same = (value: number) => heard.push(`same ${value}`);
    const first = emitter.event(same);
    emitter.event(same);
    emitter.event((value) => heard.push(`other ${value}`));
    emitter.fire(1);
    first.dispose();
    first.dispose();
    emitter.fire(2);
    assert.deepEqual(heard, ['same 1', 'same 1', 'other 1', 'same 2', 'other 2']);
  });

  it('one that is disposed while an event is fired hears no more of it', () => {
    const emitter = new Emitter<undefined>();
    emitter.event(() => second.dispose());
    const second = emitter.event(() => assert.fail('disposed'));
    emitter.fire(undefined);
  });

  it('where listeners throw, the others hear it, and who fired is told', () => {
    const emitter = new Emitter<undefined>();
    const errors = [new Error('first'), new Error('second')];
    let heard = 0;
    const first = emitter.event(() => assert.fail(errors[0]));
    emitter.event(() => heard++);
    assert.throws(() => emitter.fire(undefined), errors[0]);
    assert.equal(heard, 1);
    emitter.event(() => assert.fail(errors[1]));
    assert.throws(() => emitter.fire(undefined), { name: 'AggregateError', errors });
    assert.equal(heard, 2);
    first.dispose();
    assert.throws(() => emitter.fire(undefined), errors[1]);
  });
});

describe('DisposableStore', () => {
  it('disposes once, the last one first, and at once what comes too late', () => {
    const store = new DisposableStore();
    const gone: string[] = [];
    const disposable = (name: string) => ({ dispose: () => gone.push(name) });
    store.add(disposable('first'));
    store.add(disposable('second'));
    store.dispose();
    store.dispose();
    store.add(disposable('late'));
    assert.deepEqual(gone, ['second', 'first', 'late']);
  });

  it('disposes the others where one throws, and tells of it', () => {
    const store = new DisposableStore();
    const gone: string[] = [];
    const error = new Error('cannot close');
    store.add({ dispose: () => gone.push('first') });
    store.add({ dispose: () => assert.fail(error) });
    store.add({ dispose: () => gone.push('last') });
    assert.throws(() => store.dispose(), error);
    assert.deepEqual(gone, ['last', 'first']);
    store.dispose();
  });
});

describe('what waits for a signal', () => {
  it('leaves no listener once it is settled', async () => {
    const { signal } = new AbortController();
    const limiter = new Limiter(1);
    onAbort(signal, () => undefined).dispose();
    for (let round = 0; round < 50; round++) {
      await untilAborted(Promise.resolve(), signal);
      await assert.rejects(untilAborted(Promise.reject(new Error('no')), signal));
      await withTimeLimit(
        signal,
        60_000,
        () => new Error('late'),
        () => Promise.resolve(),
      );
      await Promise.all([1, 2, 3].map(() => limiter.run(signal, () => Promise.resolve())));
    }
    assert.equal(listeners(signal), 0);
  });

  it('ends when it is aborted, also where the work does not heed it', async () => {
    const controller = new AbortController();
    const never = () => new Promise<never>(() => undefined);
    const waits = [
      untilAborted(never(), controller.signal),
      withTimeLimit(controller.signal, 60_000, () => new Error('late'), never),
    ];
    controller.abort();
    for (const wait of waits) {
      await assert.rejects(wait, { name: 'AbortError' });
    }
    await assert.rejects(untilAborted(never(), controller.signal), { name: 'AbortError' });
    assert.equal(listeners(controller.signal), 0);
  });

  it('ends at its limit, with words of its own whatever the work makes of it', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const work = (signal: AbortSignal) =>
        new Promise<never>((_resolve, reject) => onAbort(signal, () => reject(new Error('of the work'))));
      const wait = withTimeLimit(noLimit, 1_000, () => new Error('late'), work);
      mock.timers.tick(1_000);
      await assert.rejects(wait, { message: 'late' });
      assert.equal(listeners(noLimit), 0);
    } finally {
      mock.timers.reset();
    }
  });
});

describe('Limiter', () => {
  it('lets no more than its number run, all in order, and forgets those that are cancelled', async () => {
    const task = fc.record({ fails: fc.boolean(), cancelled: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(task, { maxLength: 20 }),
        async (count, tasks) => {
          const limiter = new Limiter(count);
          let running = 0;
          let most = 0;
          const started: number[] = [];
          const ends = tasks.map(async ({ fails, cancelled }, index) => {
            const controller = new AbortController();
            const run = limiter.run(controller.signal, async () => {
              started.push(index);
              most = Math.max(most, ++running);
              await new Promise((resolve) => setImmediate(resolve));
              running--;
              if (fails) {
                throw new Error('no');
              }
            });
            if (cancelled) {
              controller.abort();
            }
            await run.catch(() => undefined);
            assert.equal(listeners(controller.signal), 0);
          });
          await Promise.all(ends);
          assert.ok(most <= count);
          assert.deepEqual(
            started,
            started.toSorted((a, b) => a - b),
          );
          assert.ok(tasks.every(({ cancelled }, index) => cancelled || started.includes(index)));
          // All of the room is there again.
          await Promise.all(
            Array.from({ length: count }, () => limiter.run(noLimit, () => Promise.resolve())),
          );
        },
      ),
    );
  });
});
