import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  toContainerGroup,
  type ContainerGroup,
  type ContainerGroupSummary,
} from '../../../src/azure/containerGroups.ts';
import type { Account } from '../../../src/azure/credentials.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import type { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';

const subscriptionId = 'ABCD0001-0001-4000-8000-000000000001';
const listedId = `/subscriptions/${subscriptionId}/resourceGroups/RG/providers/Microsoft.ContainerInstance/containerGroups/Web`;
const summary: ContainerGroupSummary = {
  id: listedId,
  name: 'Web',
  subscriptionId,
  resourceGroup: 'RG',
  location: 'westeurope',
};
const group: ContainerGroup = {
  ...toContainerGroup({ containers: [], instanceView: { state: 'Running' } }, listedId),
  ...summary,
};
const account: Account = {
  id: 'a',
  label: 'a',
  kind: 'default',
  manyTenants: false,
  credential: () => Promise.reject(new Error('not asked for')),
};

/** An inventory that lists ids in one case, where Azure is asked for them in another. */
async function inventoryOf(get: () => Promise<ContainerGroup>): Promise<Inventory> {
  const containerGroups = {
    list: () => Promise.resolve([summary]),
    query: () => Promise.resolve({ groups: [summary], skipToken: undefined, pauseMs: 0 }),
    get,
  };

  const client = { containerGroups } as unknown as ResourceManagerClient;
  const inventory = new Inventory(() =>
    Promise.resolve({
      discover: (onDiscovery) => {
        const subscriptions = [{ subscriptionId: subscriptionId.toLowerCase(), displayName: 'One' }];
        onDiscovery({
          kind: 'subscriptions',
          signIn: { account, tenant: undefined },
          subscriptions,
          client,
        });
        return Promise.resolve();
      },
      clientFor: () => Promise.resolve(client),
    }),
  );
  await inventory.load();
  return inventory;
}

describe('ids in different cases', () => {
  it('a group that is deleted is listed no longer', async () => {
    const inventory = await inventoryOf(() =>
      Promise.reject(new AzureError({ kind: 'notFound', detail: 'gone' })),
    );
    assert.equal(inventory.subscriptions()[0]?.groups.length, 1);
    const changed = new Promise((resolve) => inventory.onDidChangeGroup(resolve));
    inventory.watch([listedId.toUpperCase()]);
    await changed;
    assert.deepEqual(inventory.subscriptions()[0]?.groups, []);
  });

  it('a state is known by any of them', async () => {
    const inventory = await inventoryOf(() => Promise.resolve(group));
    const changed = new Promise((resolve) => inventory.onDidChangeGroup(resolve));
    inventory.watch([listedId.toLowerCase()]);
    await changed;
    assert.equal(inventory.known(listedId)?.state, 'Running');
    assert.equal(inventory.known(listedId.toUpperCase())?.state, 'Running');
  });

  it('a subscription found again in another is one entry', async () => {
    const inventory = await inventoryOf(() => Promise.resolve(group));
    await inventory.refreshSubscriptions([subscriptionId.toUpperCase()]);
    assert.equal(inventory.subscriptions().length, 1);
    assert.equal(inventory.subscriptions()[0]?.groups.length, 1);
  });
});
