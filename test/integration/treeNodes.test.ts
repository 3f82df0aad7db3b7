import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Account } from '../../src/azure/credentials.ts';
import type { CredentialKind } from '../../src/azure/credentialKind.ts';
import type { Branch } from '../../src/inventory/arrangement.ts';
import { Inventory } from '../../src/inventory/inventory.ts';
import { ContainerGroupNode } from '../../src/ui/tree/containerGroupNode.ts';
import { ContainerNode } from '../../src/ui/tree/containerNode.ts';
import { FailedSignInNode } from '../../src/ui/tree/failedSignInNode.ts';
import { NodeCache } from '../../src/ui/tree/nodeCache.ts';
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
    assert.equal(item.description, 'Terminated · i:1');
    assert.equal(item.accessibilityInformation?.label, 'Container 1, Terminated, exit code 137, image i:1');
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.match(
      item.tooltip.value,
      /^\*\*1\*\*\n\nThis container was killed \\\(exit code 137\\\)[^]*Restarts: 3$/,
    );
    assert.equal(item.contextValue, 'container.terminated');
    assert.doesNotMatch(JSON.stringify(item), /hunter2/);
  });

  it('begin with the word that says why a container waits, and then its image without the registry', async () => {
    const waiting = (detailStatus: string) =>
      readGroup({
        id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g',
        name: 'g',
        properties: {
          containers: [
            {
              name: 'mailer',
              properties: {
                image: 'contoso.azurecr.io/mailer:1.9',
                instanceView: { restartCount: 3, currentState: { state: 'Waiting', detailStatus } },
              },
            },
          ],
        },
      });
    for (const [detailStatus, expected] of [
      ['CrashLoopBackOff: Back-off 5m0s restarting failed container', 'CrashLoopBackOff · mailer:1.9'],
      ['CrashLoopBackOff', 'CrashLoopBackOff · mailer:1.9'],
      ['Back-off restarting', 'Waiting · mailer:1.9'],
      ['', 'Waiting · mailer:1.9'],
    ] as const) {
      const group = await waiting(detailStatus);
      const [container] = group.containers;
      assert.ok(container);
      assert.equal(new ContainerNode(group, container, false).treeItem().description, expected);
    }
  });

  it('show a body with nothing optional, and states that nobody knows yet, without inventing anything', async () => {
    const bare = await readGroup({
      id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/007',
      name: '007',
      properties: {
        containers: [
          { name: '1' },
          {
            name: '2',
            properties: {
              instanceView: { currentState: { state: 'Hibernating', finishTime: 'tomorrow' }, events: [] },
            },
          },
        ],
      },
    });
    const inventory = new Inventory(() => Promise.reject(new Error('no request is expected')));
    const items = [
      new ContainerGroupNode(bare, inventory).treeItem(),
      ...bare.containers.map((container) => new ContainerNode(bare, container, false).treeItem()),
    ];
    assert.deepEqual(
      items.map(({ label, accessibilityInformation }) => [label, accessibilityInformation?.label]),
      [
        ['007', 'Container group 007, state unknown, resource group rg, '],
        ['1', 'Container 1, state unknown, image '],
        ['2', 'Container 2, Hibernating, image '],
      ],
    );
    assert.doesNotMatch(JSON.stringify(items), /undefined|null|Invalid|NaN/);
  });

  it('are kept as long as their rows, whatever the case of their ids, and no longer', async () => {
    const id = '/subscriptions/S/resourceGroups/RG/providers/Microsoft.ContainerInstance/containerGroups/Web';
    const summary = { id, name: 'Web', subscriptionId: 'S', resourceGroup: 'RG', location: 'westeurope' };
    const branch = (groups: readonly (typeof summary)[]): Branch => ({
      id: '/subscriptions/S',
      kind: 'subscription',
      label: 'One',
      entry: undefined,
      groups,
    });
    const cache = new NodeCache(new Inventory(() => Promise.reject(new Error('no request is expected'))));
    const row = cache.branch(branch([summary]), true);
    const [group] = await row.children();
    assert.ok(group !== undefined && cache.group(id.toLowerCase()) === group);

    const again = branch([{ ...summary, id: id.toUpperCase() }]);
    cache.prune([{ ...again, id: again.id.toLowerCase() }], []);
    assert.equal(cache.branch(again, false), row);
    assert.deepEqual(await row.children(), [group]);

    cache.prune([branch([])], []);
    assert.equal(cache.group(id), undefined);
    assert.equal(cache.branch(branch([]), false), row);
    cache.prune([], []);
    assert.notEqual(cache.branch(branch([]), false), row);
  });

  const reasons: readonly (readonly [CredentialKind, string, string | undefined, RegExp])[] = [
    ['azureCli', 'nobody is signed in to it', undefined, /The Azure CLI .* nobody .* Run "az login" in/],
    [
      'azureCli',
      'nobody is signed in to it',
      'fabrikam',
      /The Azure CLI .* Run "az login --tenant fabrikam" in/,
    ],
    [
      'environment',
      'Not set: AZURE_CLIENT_ID',
      undefined,
      /environment variables .* AZURE_CLIENT_ID\. Set them/,
    ],
    ['default', 'none is set up', undefined, /DefaultAzureCredential .* none is set up\. Run "az login"/],
    [
      'vscode',
      'User did not consent',
      undefined,
      /Microsoft account .* consent\. Run the command ".*Sign In/,
    ],
  ];
  for (const [kind, detail, tenantId, expected] of reasons) {
    it(`name the credential ${kind}, why it failed${tenantId === undefined ? '' : ' in a tenant'}, and the command that mends it`, () => {
      const account: Account = {
        id: 'a',
        label: 'Anna',
        kind,
        manyTenants: true,
        credential: () => Promise.reject(new Error('no token is expected')),
      };
      const node = new FailedSignInNode({
        signIn: {
          account,
          tenant: tenantId === undefined ? undefined : { tenantId, displayName: 'Fabrikam' },
        },
        problem: {
          kind: 'credential',
          credential: kind,
          detail,
          ...(tenantId === undefined ? {} : { tenantId }),
        },
        at: 0,
        tenantsUnknown: false,
      });
      const { label, description, command } = node.treeItem();
      assert.equal(label, tenantId === undefined ? 'Anna' : 'Tenant Fabrikam');
      assert.match(String(description), expected);
      assert.equal(command?.command, kind === 'vscode' ? 'containerInstances.signInToTenant' : undefined);
    });
  }
});
