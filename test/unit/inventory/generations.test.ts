import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import type { Discovery } from '../../../src/azure/azureClient.ts';
import {
  toContainerGroup,
  type ContainerGroup,
  type ContainerGroupSummary,
} from '../../../src/azure/containerGroups.ts';
import type { Account } from '../../../src/azure/credentials.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { isSameId } from '../../../src/azure/resourceIds.ts';
import type { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import type { GroupPage } from '../../../src/azure/resourceManager/containerGroupOperations.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';
import type { ListingSource } from '../../../src/inventory/listing.ts';

const subscriptionIds = ['a', 'b', 'c'];
const groupIds = subscriptionIds.map(groupIdOf);

function groupIdOf(subscriptionId: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/web`;
}

/** What Azure owes an answer. */
interface Question {
  readonly answer: () => void;
  readonly fail: () => void;
}

/**
 * An Azure that answers each question when it is told to, in any order, as the account sees it that was signed in when it
 * was asked. Every account sees the same ids; the account's number is in all that it says.
 */
class SlowAzure {
  account = 0;
  chosen: readonly string[] = subscriptionIds;
  readonly questions: Question[] = [];
  readonly inventory = new Inventory(() => this.ask(() => this.sourceOf(this.account)), {
    includesTenant: () => true,
    includesSubscription: ({ subscriptionId }) => this.chosen.includes(subscriptionId),
  });

  /** An answer that is worked out when the question is put, and arrives when the test says so. */
  private ask<T>(work: () => T): Promise<T> {
    const value = work();
    const error = new AzureError({ kind: 'unexpected', detail: this.mark(this.account) });
    return new Promise((resolve, reject) => {
      this.questions.push({ answer: () => resolve(value), fail: () => reject(error) });
    });
  }

  private mark(account: number): string {
    return `account ${account}`;
  }

  private sourceOf(account: number): ListingSource {
    const mark = this.mark(account);
    const summary = (subscriptionId: string): ContainerGroupSummary => ({
      id: groupIdOf(subscriptionId),
      name: 'web',
      subscriptionId,
      resourceGroup: 'rg',
      location: mark,
    });
    const error = new AzureError({ kind: 'unexpected', detail: mark });
    const ask = <T>(value: T): Promise<T> =>
      new Promise((resolve, reject) => {
        this.questions.push({ answer: () => resolve(value), fail: () => reject(error) });
      });
    const containerGroups = {
      list: (id: string) => ask([summary(id)]),
      query: (ids: readonly string[], skipToken: string | undefined): Promise<GroupPage> =>
        skipToken === undefined
          ? ask({ groups: ids.slice(0, 1).map(summary), skipToken: 'next', pauseMs: 0 })
          : ask({ groups: ids.slice(1).map(summary), skipToken: undefined, pauseMs: 0 }),
      get: (id: string): Promise<ContainerGroup> => {
        const subscriptionId = subscriptionIds.find((one) => isSameId(groupIdOf(one), id)) ?? '';
        const body = { containers: [], provisioningState: 'Updating', instanceView: { state: mark } };
        return ask({ ...toContainerGroup(body, id), ...summary(subscriptionId) });
      },
    };
    const client = { containerGroups } as unknown as ResourceManagerClient; // all that an inventory asks of it
    const signIn = {
      account: { id: mark, label: mark, kind: 'default', manyTenants: false } as unknown as Account,
      tenant: undefined,
    };
    return {
      discover: async (onDiscovery: (item: Discovery) => void) => {
        for (const id of subscriptionIds) {
          const subscriptions = [{ subscriptionId: await ask(id), displayName: mark }];
          onDiscovery({ kind: 'subscriptions', signIn, subscriptions, client });
        }
        onDiscovery({ kind: 'failed', signIn: { ...signIn, account: await ask(signIn.account) }, error });
      },
      clientFor: () => ask(client),
    };
  }

  /** Nothing that a former account has said is known. */
  check(): void {
    const { inventory } = this;
    const said: (string | undefined)[] = [];
    for (const { subscription, signIn, groups, failure } of inventory.allSubscriptions()) {
      said.push(subscription.displayName, signIn.account.id, ...groups.map(({ location }) => location));
      said.push(failure?.problem.kind === 'unexpected' ? failure.problem.detail : undefined);
    }
    for (const { problem, signIn } of inventory.failedSignIns()) {
      said.push(signIn.account.id, problem.kind === 'unexpected' ? problem.detail : undefined);
    }
    const error = inventory.error();
    said.push(error instanceof AzureError && 'detail' in error.problem ? error.problem.detail : undefined);
    for (const id of groupIds) {
      const problem = inventory.groupFailure(id)?.problem;
      said.push(inventory.known(id)?.state, problem?.kind === 'unexpected' ? problem.detail : undefined);
    }
    const former = said.filter((mark) => mark !== undefined && mark !== this.mark(this.account));
    assert.deepEqual(former, [], `now it is ${this.mark(this.account)}`);
    assert.ok(
      inventory
        .subscriptions()
        .every(({ subscription }) => this.chosen.includes(subscription.subscriptionId)),
    );
  }

  /** A group that somebody waits for is one of the account that is signed in when it arrives. */
  expectCurrent(group: Promise<ContainerGroup>): void {
    group.then(
      ({ state }) => this.late.push(state === this.mark(this.account) ? '' : `${state} arrived`),
      () => undefined, // cancelled or failed
    );
  }

  readonly late: string[] = [];
}

type Step = (azure: SlowAzure) => void;

const { signal } = new AbortController();
const quietly = (work: Promise<unknown>) => {
  work.catch(() => undefined); // who lists is told; here only what is known counts
};

const someIds = fc.subarray(subscriptionIds);
/** What the user does, and what becomes of the account. */
const action: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>(({ inventory }) => quietly(inventory.load())),
  fc.constant<Step>(({ inventory }) => quietly(inventory.refresh())),
  someIds.map<Step>(
    (ids) =>
      ({ inventory }) =>
        quietly(inventory.refreshSubscriptions(ids)),
  ),
  fc.constantFrom(...groupIds).map<Step>(
    (id) =>
      ({ inventory }) =>
        inventory.refreshGroup(id),
  ),
  someIds.map<Step>(
    (ids) =>
      ({ inventory }) =>
        inventory.watch(ids.map(groupIdOf)),
  ),
  fc
    .constantFrom(...groupIds)
    .map<Step>((id) => (azure) => azure.expectCurrent(azure.inventory.containerGroup(id, signal))),
  fc
    .constantFrom(...groupIds)
    .map<Step>((id) => (azure) => azure.expectCurrent(azure.inventory.freshContainerGroup(id, signal))),
  // The user chooses other subscriptions, and they are listed.
  someIds.map<Step>((ids) => (azure) => {
    azure.chosen = ids;
    quietly(azure.inventory.refresh());
  }),
  // Another account, cloud or credential.
  fc.constant<Step>((azure) => {
    azure.account++;
    azure.inventory.reset();
  }),
);

/** Azure answers one of the questions that are open, of all or of the latest few. */
const answer: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(), fc.boolean(), fc.integer({ min: 0, max: 9 }))
  .map(([at, isLate, outcome]) => ({ questions }) => {
    const from = isLate ? Math.max(0, questions.length - 3) : 0;
    const [question] = questions.splice(from + (at % Math.max(1, questions.length - from)), 1);
    if (outcome === 0) {
      question?.fail();
    } else {
      question?.answer();
    }
  });

const step = fc.oneof({ weight: 1, arbitrary: action }, { weight: 3, arbitrary: answer });

describe('what was asked for by a former account', () => {
  it('does not land where some subscriptions were listed before all of them were', async () => {
    const azure = new SlowAzure();
    const answerAll = async () => {
      for (
        let question = azure.questions.shift();
        question !== undefined;
        question = azure.questions.shift()
      ) {
        question.answer();
        await settle();
      }
    };
    quietly(azure.inventory.refreshSubscriptions(['a']));
    for (let question = 0; question < 2; question++) {
      azure.questions.shift()?.answer();
      await settle();
    }
    const [former] = azure.questions.splice(0);
    quietly(azure.inventory.load());
    await answerAll();
    azure.account++;
    azure.inventory.reset();
    quietly(azure.inventory.load());
    await answerAll();
    former?.answer();
    await settle();
    azure.check();
    azure.inventory.dispose();
  });

  it('never lands, whenever the account changes and in whatever order answers come', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 100, size: 'max' }), async (steps) => {
        const azure = new SlowAzure();
        azure.inventory.onDidChange(() => azure.check());
        azure.inventory.onDidChangeGroup(() => azure.check());
        for (const take of steps) {
          take(azure);
          await settle();
          azure.check();
        }
        azure.account++;
        azure.inventory.reset();
        while (azure.questions.length > 0) {
          azure.questions.shift()?.answer();
          await settle();
        }
        azure.check();
        assert.deepEqual(azure.inventory.allSubscriptions(), []);
        assert.deepEqual(
          azure.late.filter((text) => text !== ''),
          [],
        );
        azure.inventory.dispose();
      }),
      { numRuns: 120 },
    );
  });
});

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
