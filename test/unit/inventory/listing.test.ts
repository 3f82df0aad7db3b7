import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContainerGroupSummary } from '../../../src/azure/containerGroups.ts';
import type { Account } from '../../../src/azure/credentials.ts';
import { AzureError, type AzureProblem } from '../../../src/azure/errors.ts';
import type { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import type { GroupPage } from '../../../src/azure/resourceManager/containerGroupOperations.ts';
import { Listing, type ListingEvent, type ListingSource } from '../../../src/inventory/listing.ts';

const account: Account = {
  id: 'a',
  label: 'a',
  kind: 'default',
  manyTenants: false,
  credential: () => Promise.reject(new Error('not asked for')),
};
const subscriptionId = 'abcd0001-0001-4000-8000-000000000001';

function groupOf(name: string): ContainerGroupSummary {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
  return { id, name, subscriptionId, resourceGroup: 'rg', location: 'westeurope' };
}

/** Lists one subscription; the pages come from `query`, and `list` is asked where that fails. */
function listing(
  query: (skipToken: string | undefined) => GroupPage,
  list: () => readonly ContainerGroupSummary[] = () => [],
) {
  const containerGroups = {
    query: (_ids: unknown, skipToken: string | undefined) =>
      new Promise((resolve) => resolve(query(skipToken))),
    list: () => new Promise((resolve) => resolve(list())),
  };
  const client = { containerGroups } as unknown as ResourceManagerClient;
  const events: ListingEvent[] = [];
  const controller = new AbortController();
  const source: ListingSource = {
    discover: (onDiscovery) => {
      const subscriptions = [{ subscriptionId, displayName: 'One' }];
      onDiscovery({ kind: 'subscriptions', signIn: { account, tenant: undefined }, subscriptions, client });
      return Promise.resolve();
    },
    clientFor: () => Promise.resolve(client),
  };
  const done = new Listing(source, controller.signal, (event) => events.push(event)).listAll({
    includesTenant: () => true,
    includesSubscription: () => true,
  });
  return { done, events, controller };
}

/** The last that is known of the subscription's groups, and how its listing ended. */
function result(events: readonly ListingEvent[]): {
  readonly names: readonly string[];
  readonly problem: AzureProblem | undefined;
} {
  const last = events.findLast(({ kind }) => kind === 'groups' || kind === 'failure');
  return {
    names: last?.kind === 'groups' ? (last.lists[0]?.groups ?? []).map(({ name }) => name) : [],
    problem: last?.kind === 'failure' && last.complete ? last.failure.problem : undefined,
  };
}

const kinds = (events: readonly ListingEvent[]) => events.map(({ kind }) => kind);

describe('a listing by pages', () => {
  it('ends with a failure that says so when the same page comes again', async () => {
    for (const tokens of [
      ['a', 'a'],
      ['a', 'b', 'c', 'a'],
    ]) {
      let asked = 0;
      const { done, events } = listing(
        () => ({ groups: [groupOf('web')], skipToken: tokens[asked++ % tokens.length], pauseMs: 0 }),
        () => {
          throw new AzureError({ kind: 'endlessList' });
        },
      );
      await done;
      assert.deepEqual(result(events).problem, { kind: 'endlessList' });
      const fallback = events.find((event) => event.kind === 'fallback');
      assert.ok(fallback?.error instanceof AzureError && fallback.error.problem.kind === 'endlessList');
      assert.equal(asked, tokens.length);
    }
  });

  it('ends when there are more pages, or more groups on them, than any list has', async () => {
    for (const perPage of [0, 1_000]) {
      let asked = 0;
      const groups = Array.from({ length: perPage }, (_group, index) => groupOf(`${index}`));
      const { done, events } = listing(() => ({ groups, skipToken: `${asked++}`, pauseMs: 0 }));
      await done;
      assert.ok(events.some(({ kind }) => kind === 'fallback'));
      assert.ok(asked < 1_100);
    }
  });

  it('a group on two pages, in two casings, is one row', async () => {
    const lower = groupOf('web');
    const upper = { ...lower, id: lower.id.toUpperCase(), subscriptionId: subscriptionId.toUpperCase() };
    const { done, events } = listing((skipToken) =>
      skipToken === undefined
        ? { groups: [lower, groupOf('api')], skipToken: 'next', pauseMs: 0 }
        : { groups: [upper], skipToken: undefined, pauseMs: 0 },
    );
    await done;
    assert.deepEqual(result(events).names, ['web', 'api']);
  });
});

describe('the waits of a listing', () => {
  const last: GroupPage = { groups: [groupOf('api')], skipToken: undefined, pauseMs: 0 };

  it('for a quota are told, and end with the pause', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { done, events } = listing((skipToken) =>
      skipToken === undefined ? { groups: [groupOf('web')], skipToken: 'next', pauseMs: 4_500 } : last,
    );
    await settle();
    assert.deepEqual(kinds(events).slice(-2), ['groups', 'failure']);
    const told = events.at(-1);
    assert.deepEqual(told?.kind === 'failure' && told.failure.problem, {
      kind: 'throttled',
      retryAfterSeconds: 5,
    });
    context.mock.timers.tick(4_999);
    await settle();
    assert.equal(events.at(-1), told);
    context.mock.timers.tick(1);
    await done;
    assert.deepEqual(kinds(events).slice(-2), ['resumed', 'groups']);
    assert.deepEqual(result(events).names, ['web', 'api']);
  });

  it('for a quota of an hour are none: each subscription is listed by itself', async () => {
    const { done, events } = listing(
      (skipToken) =>
        skipToken === undefined ? { groups: [groupOf('web')], skipToken: 'next', pauseMs: 3_600_000 } : last,
      () => [groupOf('listed')],
    );
    await done;
    assert.ok(events.some(({ kind }) => kind === 'fallback'));
    assert.deepEqual(result(events).names, ['listed']);
  });

  it('of a throttled subscription are told up to half a minute; for longer it has failed', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    let seconds = 30;
    const { done, events } = listing(
      () => {
        throw new AzureError({ kind: 'forbidden', action: undefined, detail: 'no' });
      },
      () => {
        throw new AzureError({ kind: 'throttled', retryAfterSeconds: seconds });
      },
    );
    await settle();
    assert.deepEqual(kinds(events).slice(-1), ['failure']);
    assert.equal(result(events).problem, undefined);
    seconds = 31;
    context.mock.timers.tick(30_000);
    await done;
    assert.deepEqual(result(events).problem, { kind: 'throttled', retryAfterSeconds: 31 });
  });

  it('end at once when it is cancelled, and nothing is told any more', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { done, events, controller } = listing(() => {
      throw new AzureError({ kind: 'throttled', retryAfterSeconds: 20 });
    });
    await settle();
    const before = events.length;
    controller.abort();
    await assert.rejects(done, { name: 'AbortError' });
    assert.equal(events.length, before);
  });
});

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
