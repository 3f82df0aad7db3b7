import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import type { ContainerGroup } from '../../../src/azure/containerGroups.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { InstanceViews } from '../../../src/inventory/instanceViews.ts';

const subscription = '11111111-0001-4000-8000-000000000001';

function idOf(name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
}

function groupOf(name: string, state: string): ContainerGroup {
  return {
    id: idOf(name),
    name,
    subscriptionId: subscription,
    resourceGroup: 'rg',
    location: 'westeurope',
    osType: 'Linux',
    provisioningState: state,
    state: undefined,
    containers: [],
    initContainers: [],
  };
}

/** An Azure that answers when the test says so. */
class SlowAzure {
  readonly asked: string[] = [];
  readonly cancelled: string[] = [];
  private readonly open = new Map<
    string,
    { readonly answer: (state: string) => void; readonly fail: (error: Error) => void }
  >();
  readonly views = new InstanceViews((id, signal) => {
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
  });

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

/** Lets promises run on; the fake clock stands still. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass, second by second, while Azure answers at once. */
async function pass(azure: SlowAzure, seconds: number, state: string): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    mock.timers.tick(1_000);
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
      mock.timers.tick(seconds * 1_000);
      azure.show();
      azure.show('a');
    }
    assert.deepEqual(azure.asked, ['a']);
    mock.timers.tick(2_000);
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
});
