import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, it } from 'node:test';
import tls from 'node:tls';
import { AzureClient } from '../../../src/azure/azureClient.ts';
import { cloudFromSettings } from '../../../src/azure/clouds.ts';
import type { Account } from '../../../src/azure/credentials.ts';
import { arrange } from '../../../src/inventory/arrangement.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';
import { customEnvironment } from '../../emulator/customEnvironment.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { Operation } from '../../emulator/faults.ts';

const subscriptions = 60;
const groups = 120;
const tenants = Array.from({ length: 12 }, (_, index) => ({
  tenantId: `tenant-${index}`,
  displayName: `Tenant ${index}`,
  members: ['anna'],
}));

/** The most requests of a kind that may be on their way at once. */
const mostLists = 6;
const mostOfResources = 8;

let emulator: Emulator;
before(async () => {
  emulator = await startEmulator({
    scenario: { subscriptions: [], generate: { subscriptions, groups }, tenants },
  });
  tls.setDefaultCACertificates([...tls.getCACertificates(), readFileSync(emulator.caPath, 'utf8')]);
});
after(() => emulator.close());

/** An inventory that has everything listed. */
async function loaded(): Promise<Inventory> {
  const expiresOnTimestamp = Date.now() + 3_600_000;
  const account: Account = {
    id: 'a',
    label: 'a',
    kind: 'vscode',
    manyTenants: true,
    credential: (tenantId) => {
      const token = emulator.issueToken({ name: 'anna', ...(tenantId === undefined ? {} : { tenantId }) });
      return Promise.resolve({ getToken: () => Promise.resolve({ token, expiresOnTimestamp }) });
    },
  };
  const cloud = cloudFromSettings('custom', customEnvironment(emulator.endpoint));
  const client = new AzureClient(cloud, [account]);
  const inventory = new Inventory(() => Promise.resolve(client));
  await inventory.load();
  return inventory;
}

/** Long enough for requests to meet also on a slow machine. */
function delayAll(...operations: readonly Operation[]): void {
  for (const operation of operations) {
    emulator.addFault({ operation, kind: 'delay', ms: 400, times: 'always' });
  }
}

/** The subscriptions below the rows of an arrangement, as a refresh of all of these rows asks for them. */
function below(inventory: Inventory, groupBy: 'location' | 'resourceGroup'): readonly string[][] {
  const arrangement = { groupBy, sortBy: 'name', filter: '', hideEmpty: true } as const;
  return arrange(inventory.subscriptions(), arrangement).map((branch) => [
    ...new Set(branch.groups.map(({ subscriptionId }) => subscriptionId)),
  ]);
}

describe('the most that is asked for at once', () => {
  let inventory: Inventory;
  beforeEach(async () => {
    emulator.reset();
    inventory = await loaded();
    emulator.reset();
  });

  async function expectAtMost(work: () => Promise<unknown>): Promise<void> {
    await work();
    const { mostInFlight } = emulator;
    for (const operation of ['tenants', 'subscriptions', 'resourceGraph', 'resources'] as const) {
      assert.ok((mostInFlight[operation] ?? 0) <= mostLists, `${operation}: ${mostInFlight[operation]}`);
    }
    assert.ok((mostInFlight.get ?? 0) <= mostOfResources, `get: ${mostInFlight.get}`);
  }

  it('in a refresh of everything', () =>
    expectAtMost(() => {
      delayAll('tenants', 'subscriptions', 'resourceGraph');
      return inventory.refresh();
    }).then(() => assert.equal(emulator.mostInFlight.subscriptions, mostLists)));

  it('in a refresh of everything without Resource Graph', async () => {
    delayAll('resources');
    const refused = { kind: 'status', status: 403, code: 'AccessDenied', message: 'no' } as const;
    emulator.addFault({ operation: 'resourceGraph', times: 'always', ...refused });
    await expectAtMost(() => inventory.refresh());
    assert.equal(emulator.mostInFlight.resources, mostLists);
  });

  for (const groupBy of ['location', 'resourceGroup'] as const) {
    it(`in a refresh of all rows of a ${groupBy} at once`, async () => {
      delayAll('resources');
      await expectAtMost(() =>
        Promise.all(below(inventory, groupBy).map((ids) => inventory.refreshSubscriptions(ids))),
      );
      assert.equal(emulator.mostInFlight.resources, mostLists);
    });
  }

  it('of states, in view and by who waits for them', async () => {
    delayAll('get');
    const ids = inventory.subscriptions().flatMap((entry) => entry.groups.map(({ id }) => id));
    const { signal } = new AbortController();
    await expectAtMost(() => {
      inventory.watch(ids);
      return Promise.all(ids.slice(0, 40).map((id) => inventory.freshContainerGroup(id, signal)));
    });
    inventory.dispose();
  });
});
