import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { toContainerGroup, type Container, type ContainerGroup } from '../../src/azure/containerGroups.ts';
import type { Account } from '../../src/azure/credentials.ts';
import type { ResourceManagerClient } from '../../src/azure/resourceManager/client.ts';
import type { ContainerGroupOperations } from '../../src/azure/resourceManager/containerGroupOperations.ts';
import { Inventory } from '../../src/inventory/inventory.ts';
import { pickContainer, runningContainers } from '../../src/ui/commands/pickContainer.ts';
import { Log } from '../../src/ui/log.ts';
import { RecentContainers } from '../../src/ui/state/recentContainers.ts';

class Memory implements vscode.Memento {
  private readonly values = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  get<T>(key: string, otherwise?: T): T {
    return (this.values.has(key) ? this.values.get(key) : otherwise) as T; // as VS Code's own signature promises
  }

  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
    return Promise.resolve();
  }
}

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g';
const summary = { id, name: 'g', subscriptionId: 's', resourceGroup: 'rg', location: 'westeurope' };

function container(name: string, state: string): Container {
  const body = { name, image: 'i', instanceView: { currentState: { state } } };
  const [read] = toContainerGroup({ containers: [body] }, id).containers;
  assert.ok(read);
  return read;
}

const account: Account = {
  id: 'a',
  label: 'a',
  kind: 'default',
  manyTenants: false,
  credential: () => Promise.reject(new Error('not asked for')),
};

describe('picking a container', () => {
  const log = new Log(vscode.window.createOutputChannel('Pick tests', { log: true }));

  it('takes the only running container without asking, though a subscription fails', async () => {
    const group: ContainerGroup = {
      ...toContainerGroup({ containers: [] }, id),
      ...summary,
      containers: [container('job', 'Terminated'), container('web', 'Running')],
      initContainers: [container('init', 'Running')],
    };
    const containerGroups: Pick<ContainerGroupOperations, 'list' | 'query' | 'get'> = {
      list: (subscriptionId) =>
        subscriptionId === 's' ? Promise.resolve([summary]) : Promise.reject(new Error('forbidden')),
      query: () => Promise.reject(new Error('no Resource Graph')),
      get: () => Promise.resolve(group),
    };
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- all that an inventory asks of it
    const client = { containerGroups } as ResourceManagerClient;
    const inventory = new Inventory(() =>
      Promise.resolve({
        discover: (onDiscovery) => {
          const subscriptions = [
            { subscriptionId: 's', displayName: 'One' },
            { subscriptionId: 'broken', displayName: 'Broken' },
          ];
          const signIn = { account, tenant: undefined };
          onDiscovery({ kind: 'subscriptions', signIn, subscriptions, client });
          return Promise.resolve();
        },
        clientFor: () => Promise.resolve(client),
      }),
    );
    const recent = new RecentContainers(new Memory(), log);
    const picked = await pickContainer('Pick', runningContainers(), inventory, recent, log);
    assert.equal(picked?.group.id, id);
    assert.equal(picked.container.name, 'web');
  });

  it('sorts the most recently used first, then by name', () => {
    const recent = new RecentContainers(new Memory(), log);
    recent.add('2');
    recent.add('3');
    recent.add('2');
    const items = ['1', '4', '3', '2'].map((name) => ({ id: name, label: name }));
    assert.deepEqual(
      recent.sort(items).map(({ label }) => label),
      ['2', '3', '1', '4'],
    );
  });
});
