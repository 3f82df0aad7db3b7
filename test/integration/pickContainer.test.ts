import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Container } from '../../src/azure/containerGroups.ts';
import type { Account } from '../../src/azure/credentials.ts';
import { Inventory } from '../../src/azure/inventory.ts';
import { pickRunningContainer, RecentContainers } from '../../src/ui/commands/pickContainer.ts';
import { Log } from '../../src/ui/log.ts';

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
  return {
    id: `${id}/containers/${name}`,
    name,
    image: 'i',
    restartCount: 0,
    current: { state, detailStatus: '', exitCode: undefined, startTime: undefined, finishTime: undefined },
    previous: undefined,
  };
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
    const inventory = new Inventory(() =>
      Promise.resolve({
        discover: (tell) => {
          tell({
            kind: 'subscriptions',
            signIn: { account, tenant: undefined },
            subscriptions: [
              { subscriptionId: 's', displayName: 'One' },
              { subscriptionId: 'broken', displayName: 'Broken' },
            ],
            manager: {
              queryContainerGroups: () => Promise.reject(new Error('no Resource Graph')),
            },
          });
          return Promise.resolve();
        },
        listContainerGroups: (subscriptionId) =>
          subscriptionId === 's' ? Promise.resolve([summary]) : Promise.reject(new Error('forbidden')),
        getContainerGroup: () =>
          Promise.resolve({
            ...summary,
            osType: 'Linux',
            sku: undefined,
            provisioningState: 'Succeeded',
            state: 'Running',
            containers: [container('job', 'Terminated'), container('web', 'Running')],
            initContainers: [container('init', 'Running')],
          }),
      }),
    );
    const picked = await pickRunningContainer(inventory, new RecentContainers(new Memory()), log);
    assert.deepEqual(picked, { groupId: id, container: 'web' });
  });

  it('sorts the most recently used first, then by name', () => {
    const recent = new RecentContainers(new Memory());
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
