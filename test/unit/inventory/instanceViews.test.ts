import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { toContainerGroup, type ContainerGroup } from '../../../src/azure/containerGroups.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { InstanceViews } from '../../../src/inventory/instanceViews.ts';

const subscription = '11111111-0001-4000-8000-000000000001';

function idOf(name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
}

function groupOf(name: string, state: string): ContainerGroup {
  return toContainerGroup({ containers: [], provisioningState: state }, idOf(name));
}

/** An Azure that answers when the test says so. */
class SlowAzure {
  readonly asked: string[] = [];
  readonly cancelled: string[] = [];
  /** What the clock shows; wall time is another one. */
  time = 5_000;
  private readonly open = new Map<
    string,
    { readonly answer: (state: string) => void; readonly fail: (error: Error) => void }
  >();
  readonly views = new InstanceViews(
    (id, signal) => {
      const name = id.split('/').at(-1) ?? '';
      this.asked.push(name);
      return new Promise((resolve, reject) => {
        const answer = (state: string) => resolve(groupOf(name, state));
        this.open.set(name, { answer, fail: reject });
        signal.addEventListener('abort', () => {
          this.cancelled.push(name);
          this.open.delete(name);
          reject(new DOMException('Cancelled', 'AbortError'));
        });
      });
    },
    () => this.time,
  );

  show(...names: readonly string[]): void {
    this.views.show(names.map(idOf));
  }

  get waiting(): readonly string[] {
    return [...this.open.keys()];
  }

  /** Answers all that wait, until nothing more is asked for. */
  async answerAll(state = 'Succeeded'): Promise<void> {
    while (this.open.size > 0) {
      for (const [name, { answer }] of this.open) {
        this.open.delete(name);
        answer(state);
      }
      await settle();
    }
  }

  async fail(name: string, error: Error): Promise<void> {
    this.open.get(name)?.fail(error);
    this.open.delete(name);
    await settle();
  }
}

/** Lets time pass, and timers go off. */
function tick(azure: SlowAzure, seconds: number): void {
  azure.time += seconds * 1_000;
  mock.timers.tick(seconds * 1_000);
}

/** Lets promises run on; the fake clock stands still. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass, second by second, while Azure answers at once. */
async function pass(azure: SlowAzure, seconds: number, state: string): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    tick(azure, 1);
    await azure.answerAll(state);
  }
}

describe('instance views', () => {
  let azure: SlowAzure;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.UTC(2026, 0, 1) });
    azure = new SlowAzure();
  });
  afterEach(() => {
    azure.views.reset();
    mock.timers.reset();
  });

  it('are asked for four at a time, in order of need; who waits for one goes first', async () => {
    azure.show('a', 'b', 'c', 'd', 'e', 'f');
    assert.deepEqual(azure.waiting, ['a', 'b', 'c', 'd']);
    const asked = azure.views.get(idOf('wanted'), new AbortController().signal);
    await azure.answerAll();
    assert.equal((await asked).name, 'wanted');
    assert.deepEqual(azure.asked, ['a', 'b', 'c', 'd', 'wanted', 'e', 'f']);
  });

  it('are cancelled when their branch is collapsed, and what is still wanted is asked for instead', async () => {
    azure.show('a', 'b', 'c', 'd', 'e');
    azure.show('e');
    assert.deepEqual(azure.cancelled, ['a', 'b', 'c', 'd']);
    await settle();
    assert.deepEqual(azure.waiting, ['e']);
  });

  it('leave no listener at the signal of who has asked', async () => {
    const { signal } = new AbortController();
    for (let round = 0; round < 50; round++) {
      const asked = azure.views.get(idOf(`group-${round}`), signal);
      await azure.answerAll();
      await asked;
    }
    const failing = azure.views.get(idOf('failing'), signal);
    await Promise.all([assert.rejects(failing), azure.fail('failing', new Error('no'))]);
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('are kept for seconds', async () => {
    azure.show('a');
    await azure.answerAll();
    for (const seconds of [1, 8]) {
      tick(azure, seconds);
      azure.show();
      azure.show('a');
    }
    assert.deepEqual(azure.asked, ['a']);
    tick(azure, 2);
    azure.show();
    azure.show('a');
    assert.deepEqual(azure.asked, ['a', 'a']);
  });

  it('of a group in transition are watched with growing intervals, until it settles', async () => {
    azure.show('a');
    await azure.answerAll('Updating');
    const times: number[] = [];
    for (let second = 1; second <= 120; second++) {
      const before = azure.asked.length;
      await pass(azure, 1, 'Updating');
      if (azure.asked.length > before) {
        times.push(second);
      }
    }
    const intervals = times.map((time, index) => time - (times[index - 1] ?? 0));
    assert.ok((intervals[0] ?? 0) <= 3 && (intervals.at(-1) ?? 0) >= 20, intervals.join());
    assert.ok(
      intervals.every((interval, index) => interval >= (intervals[index - 1] ?? 0) && interval <= 31),
      intervals.join(),
    );
    await pass(azure, 31, 'Succeeded');
    const settled = azure.asked.length;
    await pass(azure, 600, 'Succeeded');
    assert.equal(azure.asked.length, settled);
  });

  it('nothing is asked for over a minute while the view is hidden, and a group in transition when it is back', async () => {
    azure.show('a', 'b');
    await azure.answerAll('Pending');
    await pass(azure, 5, 'Pending');
    azure.show();
    const before = azure.asked.length;
    await pass(azure, 60, 'Pending');
    assert.equal(azure.asked.length, before);
    azure.show('a', 'b');
    await azure.answerAll();
    assert.deepEqual(azure.asked.slice(before), ['a', 'b']);
  });

  it('of a throttled subscription wait as long as Azure says, and are asked for once then', async () => {
    azure.show('a', 'b', 'c', 'd', 'e', 'f');
    await azure.fail('a', new AzureError({ kind: 'throttled', retryAfterSeconds: 5 }));
    await azure.answerAll();
    assert.deepEqual(azure.asked, ['a', 'b', 'c', 'd']);
    const { signal } = new AbortController();
    await assert.rejects(azure.views.get(idOf('a'), signal), {
      problem: { kind: 'throttled', retryAfterSeconds: 5 },
    });
    await pass(azure, 4, 'Succeeded');
    assert.equal(azure.asked.length, 4);
    await pass(azure, 60, 'Succeeded');
    assert.deepEqual(azure.asked.slice(4).toSorted(), ['a', 'e', 'f']);
  });

  it('of a subscription that is throttled for long each say so, and a refresh asks for them at once', async () => {
    const throttled = { kind: 'throttled', retryAfterSeconds: 3_600 } as const;
    azure.show('a', 'b', 'c', 'd', 'e', 'f');
    await azure.fail('a', new AzureError(throttled));
    await azure.answerAll();
    assert.deepEqual(
      ['a', 'b', 'e', 'f'].map((name) => azure.views.failure(idOf(name))?.problem),
      [throttled, undefined, throttled, throttled],
    );
    await pass(azure, 120, 'Succeeded');
    assert.equal(azure.asked.length, 4);
    azure.views.refresh((id) => id === idOf('e'));
    await azure.answerAll();
    assert.deepEqual(azure.asked.slice(4).toSorted(), ['a', 'e', 'f']);
    assert.equal(azure.views.failure(idOf('f')), undefined);
  });

  it('of a throttled subscription are asked for after the pause when they were out of view meanwhile', async () => {
    azure.show('a');
    await azure.fail('a', new AzureError({ kind: 'throttled', retryAfterSeconds: 5 }));
    azure.show();
    azure.show('a');
    assert.deepEqual(azure.asked, ['a']);
    await pass(azure, 6, 'Succeeded');
    assert.deepEqual(azure.asked, ['a', 'a']);
  });

  it('wait no longer than a timer can when Azure wants to be left alone for a month', async () => {
    const { setTimeout } = globalThis;
    const waits: (number | undefined)[] = [];
    globalThis.setTimeout = ((callback: () => void, ms?: number) => {
      waits.push(ms);
      return setTimeout(callback, ms);
    }) as typeof setTimeout; // all that is called of it
    azure.show('a');
    await azure.fail('a', new AzureError({ kind: 'throttled', retryAfterSeconds: 3_000_000 }));
    globalThis.setTimeout = setTimeout;
    assert.ok(waits.length > 0 && waits.every((ms = 0) => ms > 0 && ms < 2 ** 31), waits.join());
    assert.deepEqual(azure.asked, ['a']);
  });

  it('are watched and kept for as long when wall time is set back or ahead', async () => {
    for (const hours of [-1, 1]) {
      azure.views.reset();
      azure.asked.length = 0;
      azure.show('settled');
      await azure.answerAll('Succeeded');
      azure.show('settled', 'changing');
      await azure.answerAll('Updating');
      const wallTime = Date.now.bind(Date);
      Date.now = () => wallTime() + hours * 3_600_000;
      await pass(azure, 3, 'Updating');
      azure.show();
      azure.show('settled', 'changing');
      assert.deepEqual(azure.asked, ['settled', 'changing', 'changing'], `${hours} h`);
      await pass(azure, 60, 'Succeeded');
      assert.equal(azure.asked.at(-1), 'changing');
      Date.now = wallTime;
    }
  });

  it('are asked for once each, a few at a time, when the computer wakes up', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    azure.show(...names);
    await azure.fail('a', new AzureError({ kind: 'throttled', retryAfterSeconds: 3_600 }));
    await azure.answerAll('Updating');
    const before = azure.asked.length;
    azure.time += 8 * 3_600_000; // asleep: no timer has gone on
    mock.timers.tick(30_000);
    assert.equal(azure.waiting.length, 4);
    await azure.answerAll();
    assert.deepEqual(azure.asked.slice(before), names);
  });
});
