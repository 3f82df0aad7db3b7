import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toContainerGroup } from '../../../src/azure/containerGroups.ts';
import '../../support/vscode.ts';

const { ContainerNode } = await import('../../../src/ui/tree/containerNode.ts');

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/shop';

/** The lines of the tooltip of a container with this instance view. */
function tooltipOf(instanceView: object): readonly string[] {
  const group = toContainerGroup({ containers: [{ name: 'web', image: 'r.io/web:1', instanceView }] }, id);
  const [container] = group.containers;
  assert.ok(container !== undefined);
  const { tooltip } = new ContainerNode(group, container, false).treeItem();
  assert.ok(typeof tooltip === 'object');
  return tooltip.value.replaceAll('\\', '').split(/\s*\n+/);
}

it('the tooltip of a container tells for how long it runs, its whole image, its restarts and its last exit', () => {
  const startTime = new Date(Date.now() - 5.5 * 86_400_000);
  const lines = tooltipOf({
    currentState: { state: 'Running', startTime },
    previousState: { state: 'Terminated', exitCode: 137, finishTime: startTime },
    restartCount: 4,
  });
  assert.match(lines.find((line) => line.startsWith('State:')) ?? '', /^State: Running since .+, 5 days$/);
  assert.ok(lines.includes('Image: r.io/web:1'));
  assert.ok(lines.includes('Restarts: 4'));
  assert.match(lines.at(-1) ?? '', /^Last exit: Terminated, exit code 137, finished .+/);
});

it('the tooltip of a container that does not run, and never ended before, tells neither', () => {
  const lines = tooltipOf({ currentState: { state: 'Waiting', startTime: new Date() } });
  assert.ok(!lines.some((line) => /since|Last exit/.test(line)), lines.join('\n'));
});
