import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toContainerGroup } from '../../../src/azure/containerGroups.ts';
import type { Inventory } from '../../../src/inventory/inventory.ts';
import '../../support/vscode.ts';

const { findTaskContainer } = await import('../../../src/ui/tasks/findTaskContainer.ts');
const { TaskProblem } = await import('../../../src/ui/tasks/taskDefinition.ts');

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/shop';
const running = { name: 'web', image: 'nginx', instanceView: { currentState: { state: 'Running' } } };
const group = toContainerGroup({ containers: [running] }, id);
const { signal } = new AbortController();
const named = {
  group: { kind: 'name', name: 'SHOP', resourceGroup: undefined },
  container: undefined,
} as const;

/** A list that is older than the group, which the next one has or not. */
function inventoryWith(isInNextList: boolean) {
  const asked: string[] = [];
  let groups: readonly { readonly id: string; readonly name: string; readonly resourceGroup: string }[] = [];
  const inventory = {
    load: () => Promise.resolve(),
    refresh: () => {
      asked.push('refresh');
      groups = isInNextList ? [{ id, name: 'shop', resourceGroup: 'rg' }] : [];
      return Promise.resolve();
    },
    subscriptions: () => [{ groups }],
    freshContainerGroup: () => Promise.resolve(group),
  } as unknown as Inventory; // all that is called
  return { inventory, asked };
}

describe('the container of a task', () => {
  it('is found by the name of a group that is newer than the list', async () => {
    const { inventory, asked } = inventoryWith(true);
    const target = await findTaskContainer(named, inventory, signal);
    assert.equal(target.container.name, 'web');
    assert.deepEqual(asked, ['refresh']);
  });

  it('is looked for once more, and no more', async () => {
    const { inventory, asked } = inventoryWith(false);
    await assert.rejects(findTaskContainer(named, inventory, signal), (error) => {
      assert.ok(error instanceof TaskProblem);
      assert.match(error.message, /There is no container group "SHOP"/);
      return true;
    });
    assert.deepEqual(asked, ['refresh']);
  });
});
