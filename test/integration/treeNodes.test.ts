import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { Inventory } from '../../src/azure/inventory.ts';
import { ContainerGroupNode } from '../../src/ui/tree/containerGroupNode.ts';
import { ContainerNode } from '../../src/ui/tree/containerNode.ts';
import { readGroup, recordedGroups } from '../recordings/groups.ts';

describe('tree nodes', () => {
  const root = vscode.extensions.getExtension('aci-tools.container-instances')?.extensionPath ?? '';

  for (const { file, groups } of recordedGroups(path.join(root, '../shared/azure'))) {
    it(`show the recorded bodies of ${file}`, async () => {
      for (const body of groups) {
        const group = await readGroup(body);
        const never = new Inventory(() => Promise.reject(new Error('no request is expected')));
        assert.equal(new ContainerGroupNode(group, never).treeItem().id, body.id);
        for (const container of group.containers) {
          const item = new ContainerNode(group, container, false).treeItem();
          assert.equal(item.label, container.name);
          assert.match(String(item.id), /\/containers\//);
        }
      }
    });
  }

  it('show a state in words, never by colour alone', async () => {
    const group = await readGroup({
      id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g',
      name: 'g',
      properties: {
        containers: [
          {
            name: '1',
            properties: {
              image: 'i:1',
              environmentVariables: [{ name: 'PASSWORD', value: 'hunter2' }],
              instanceView: { restartCount: 3, currentState: { state: 'Terminated', exitCode: 137 } },
            },
          },
        ],
      },
    });
    const [container] = group.containers;
    assert.ok(container);
    const item = new ContainerNode(group, container, false).treeItem();
    assert.equal(item.description, 'i:1 · Terminated');
    assert.equal(item.accessibilityInformation?.label, 'Container 1, Terminated, exit code 137, image i:1');
    assert.ok(typeof item.tooltip === 'string');
    assert.match(item.tooltip, /exit code 137\nRestarts: 3$/);
    assert.equal(item.contextValue, 'container.ended');
    assert.doesNotMatch(JSON.stringify(item), /hunter2/);
  });
});
