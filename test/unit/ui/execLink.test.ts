import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execLink, parseExecLink } from '../../../src/ui/commands/execLink.ts';

const base = { scheme: 'vscode-insiders', extensionId: 'aci-tools.container-instances' };
const subscriptionId = '11111111-0001-4000-8000-000000000001';
const groupIn = (resourceGroup: string, name = 'orders-api') =>
  `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${name}`;

/** As VS Code passes it on: the query is decoded once. */
function opened(link: string) {
  const { pathname, search } = new URL(link);
  return parseExecLink({ path: pathname, query: decodeURIComponent(search.slice(1)) });
}

describe('a link to a container', () => {
  it('comes back as it was made, in the VS Code that made it', () => {
    for (const resourceGroup of ['rg-orders', 'Rg_(1).x', 'gruppe-köln']) {
      const link = execLink(base, groupIn(resourceGroup), 'api');
      assert.ok(
        link.startsWith('vscode-insiders://aci-tools.container-instances/exec?resourceId=%2Fsub'),
        link,
      );
      assert.deepEqual(opened(link), {
        groupId: groupIn(resourceGroup),
        subscriptionId,
        resourceGroup,
        name: 'orders-api',
        containerName: 'api',
      });
    }
  });

  for (const [what, path, query] of [
    ['another path', '/run', `resourceId=${groupIn('rg')}&container=api`],
    ['no container', '/exec', `resourceId=${groupIn('rg')}`],
    ['no group', '/exec', 'container=api'],
    ['two containers', '/exec', `resourceId=${groupIn('rg')}&container=api&container=envoy`],
    ['two groups', '/exec', `resourceId=${groupIn('rg')}&resourceId=${groupIn('rg')}&container=api`],
    ['another kind of resource', '/exec', 'resourceId=/subscriptions/x/resourceGroups/y&container=api'],
    [
      'a subscription that is no id',
      '/exec',
      `resourceId=${groupIn('rg').replace(subscriptionId, 'x')}&container=api`,
    ],
    ['a name with a path in it', '/exec', `resourceId=${groupIn('rg', '..')}&container=api`],
    ['a container with a path in it', '/exec', `resourceId=${groupIn('rg')}&container=../x`],
    ['a line break', '/exec', `resourceId=${groupIn('rg\nx')}&container=api`],
    ['a name that turns the text round', '/exec', `resourceId=${groupIn('rg\u202e')}&container=api`],
    ['a long name', '/exec', `resourceId=${groupIn('r'.repeat(91))}&container=api`],
  ] as const) {
    it(`with ${what} names none`, () => {
      assert.equal(parseExecLink({ path, query }), undefined);
    });
  }
});
