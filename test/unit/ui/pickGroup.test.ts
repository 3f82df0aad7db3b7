import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { toContainerGroup, type ContainerGroup } from '../../../src/azure/containerGroups.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';
import type { ListingSource } from '../../../src/inventory/listing.ts';
import { Log, shown } from '../../support/vscode.ts';

const { allGroups, pickGroup } = await import('../../../src/ui/commands/pickGroup.ts');

const subscriptionId = '11111111-0001-4000-8000-000000000001';
const summaryOf = (name: string) => ({
  id: `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/${name}`,
  name,
  subscriptionId,
  resourceGroup: 'rg',
  location: 'westeurope',
});
const refusal = new AzureError({ kind: 'forbidden', action: undefined, detail: 'Not today.' });
const warned: string[] = [];
const ignore = () => undefined;
const log = new Log({
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: (text) => warned.push(text),
  error: ignore,
});

/** Picks among groups that are listed; those named like a failure cannot be looked into. */
function pickAmong(...names: readonly string[]): Promise<ContainerGroup | undefined> {
  const groups = names.map(summaryOf);
  const get = (id: string) => {
    const group = toContainerGroup({ containers: [] }, id);
    return group.name.startsWith('fails') ? Promise.reject(refusal) : Promise.resolve(group);
  };
  const query = () => Promise.resolve({ groups, skipToken: undefined, pauseMs: 0 });
  const client = { containerGroups: { get, query } };
  const source = {
    discover: (onDiscovery: (event: object) => void) => {
      const subscriptions = [{ subscriptionId, displayName: 'One' }];
      const account = { id: 'a', label: 'a', kind: 'default', manyTenants: false };
      onDiscovery({ kind: 'subscriptions', signIn: { account }, subscriptions, client });
      return Promise.resolve();
    },
    clientFor: () => Promise.resolve(client),
  } as unknown as ListingSource; // as much of it as is asked for
  return pickGroup('Stop', allGroups(), new Inventory(() => Promise.resolve(source)), log);
}

describe('a picker of container groups', () => {
  beforeEach(() => {
    shown.length = 0;
    warned.length = 0;
  });

  it('offers those that can be looked into', async () => {
    await pickAmong('shop', 'fails');
    assert.deepEqual(
      shown.flatMap(([surface, text]) => (surface === 'pick' && /shop|fails/.test(text) ? [text] : [])),
      ['shop'],
    );
    assert.equal(warned.length, 1);
  });

  it('says that there is none only where there is none', async () => {
    await pickAmong();
    await assert.rejects(pickAmong('fails-1', 'fails-2'), refusal);
  });
});
