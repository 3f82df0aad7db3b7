import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { mock } from 'node:test';
import { toContainerGroup, type ContainerGroup } from '../../src/azure/containerGroups.ts';
import { AzureError } from '../../src/azure/errors.ts';
import { steadyClock } from '../../src/base/clock.ts';
import { InstanceViews } from '../../src/inventory/instanceViews.ts';
import type { FuzzCase } from './cases.ts';
import { kindOf } from './guard.ts';

const ids = Array.from(
  { length: 6 },
  (_, index) =>
    `/subscriptions/s${index % 2}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g${index}`,
);

/** Clocks that are set at random, and a computer that sleeps: what is in view is asked for again, and not all the time. */
export const clocks: FuzzCase = async ({ random, count }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let [monotonic, wall] = [random.below(1_000_000), 1_800_000_000_000];
  let requests = 0;
  let isHealthy = false;
  const views = new InstanceViews(
    (id, signal) => {
      requests++;
      signal.throwIfAborted();
      if (!isHealthy && random.below(4) === 0) {
        const retryAfterSeconds = random.below(3) === 0 ? undefined : random.below(4_000);
        return Promise.reject(
          new AzureError(
            random.below(2) === 0 ? { kind: 'throttled', retryAfterSeconds } : { kind: 'brokenOff' },
          ),
        );
      }
      return Promise.resolve(groupOf(id, random.below(2) === 0 ? 'Pending' : 'Succeeded'));
    },
    steadyClock(
      () => monotonic,
      () => wall,
    ),
  );
  const pass = async (ms: number) => {
    monotonic += ms;
    wall += ms;
    mock.timers.tick(ms);
    await setImmediate();
  };
  const waits: Promise<unknown>[] = [];
  const controller = new AbortController();
  try {
    for (let step = 0; step < 30; step++) {
      switch (random.below(7)) {
        case 0:
          wall += (random.below(3) - 1) * 3_600_000; // somebody sets it
          break;
        case 1:
          wall += random.below(86_400_000); // it sleeps
          break;
        case 2:
          views.show(ids.slice(random.below(3), 3 + random.below(4)));
          break;
        case 3:
          views.refresh();
          break;
        case 4:
          waits.push(
            views.get(ids[random.below(ids.length)] ?? '', controller.signal).then(
              () => count('answered'),
              (error: unknown) => count(kindOf(error)),
            ),
          );
          break;
        default:
          await pass(random.below(5_000));
      }
    }
    await setImmediate(); // what is under way is answered as before
    isHealthy = true;
    views.show(ids);
    views.refresh();
    for (let second = 0; second < 5; second++) {
      await pass(1_000);
    }
    for (const id of ids) {
      assert.ok(views.known(id) !== undefined && views.failure(id) === undefined, `${id} was not asked for`);
    }
    requests = 0;
    for (let second = 0; second < 60; second++) {
      await pass(1_000);
    }
    assert.ok(requests <= ids.length * 20, `${requests} requests in a minute`);
    controller.abort();
    await Promise.all(waits);
  } finally {
    views.reset();
    mock.timers.reset();
  }
};

function groupOf(id: string, provisioningState: string): ContainerGroup {
  return toContainerGroup({ containers: [], provisioningState }, id);
}
