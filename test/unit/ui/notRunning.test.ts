import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { toContainerGroup } from '../../../src/azure/containerGroups.ts';
import type { Judged } from '../../../src/azure/verdict.ts';
import { plainCommandLine } from '../../../src/exec/commandLine.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';
import type { ListingSource } from '../../../src/inventory/listing.ts';
import type { RunCommandServices } from '../../../src/ui/commands/runCommand.ts';
import type { ExecServices } from '../../../src/ui/commands/openExecTerminal.ts';
import type { FileServices } from '../../../src/ui/files/selectFiles.ts';
import { shown } from '../../support/vscode.ts';

const vscode = await import('vscode');
const { forwardPort } = await import('../../../src/ui/commands/forwardPort.ts');
const { openExecTerminal } = await import('../../../src/ui/commands/openExecTerminal.ts');
const { deleteGroups } = await import('../../../src/ui/commands/deleteGroups.ts');
const { nextSteps } = await import('../../../src/ui/commands/nextSteps.ts');
const { runCommand } = await import('../../../src/ui/commands/runCommand.ts');
const { selectFiles } = await import('../../../src/ui/files/selectFiles.ts');
const { ContainerGroupNode } = await import('../../../src/ui/tree/containerGroupNode.ts');
const { ContainerNode } = await import('../../../src/ui/tree/containerNode.ts');

const group = toContainerGroup(
  {
    osType: 'Linux',
    containers: [{ name: 'web', image: 'x', instanceView: { currentState: { state: 'Terminated' } } }],
    instanceView: { state: 'Stopped' },
  },
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/shop',
);
const [container] = group.containers;
assert.ok(container);
const row = new ContainerNode(group, container, false);

const source = {
  clientFor: () => Promise.resolve({ containerGroups: { get: () => Promise.resolve(group) } }),
} as unknown as ListingSource; // as much of it as is asked for
const inventory = new Inventory(() => Promise.resolve(source));
const services = { inventory, recent: { add: () => undefined } };

const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  Exec: () =>
    openExecTerminal({ group, container }, [plainCommandLine('sh')], services as unknown as ExecServices),
  'Run Command': () => runCommand([row], services as unknown as RunCommandServices, undefined as never),
  'Forward Port': () => forwardPort([row], services as never, undefined as never, undefined as never),
  'Browse Files': () => selectFiles([row], 'x', services as unknown as FileServices),
}; // nothing else of the services is reached
describe('what commands do with a container that does not run', () => {
  beforeEach(() => {
    shown.length = 0;
    mock.method(vscode.commands, 'getCommands', () =>
      Promise.resolve(
        ['start', 'viewLogs', 'openInPortal', 'explainState'].map((name) => `containerInstances.${name}`),
      ),
    );
  });

  it('a stopped group offers Start first, and its containers that had failed before offer it too', async () => {
    const failed = toContainerGroup(
      {
        containers: [
          {
            name: 'web',
            instanceView: { currentState: { state: 'Terminated', exitCode: 1, detailStatus: 'Error' } },
          },
        ],
        instanceView: { state: 'Stopped' },
      },
      group.id,
    );
    const titles = async (judged: Judged) =>
      (await nextSteps(judged, inventory)).slice(0, 2).map(({ title }) => title);
    assert.deepEqual(await titles({ group: failed, container: undefined }), ['Start', 'View Logs']);
    assert.deepEqual(await titles({ group: failed, container: failed.containers[0] }), [
      'View Logs',
      'Start',
    ]);
  });

  it('a container is not deleted, nor its group for it', async () => {
    await deleteGroups([row, [new ContainerGroupNode(group, inventory), row]], services as never); // nothing else is reached
    assert.deepEqual(
      shown.map(([surface, text]) => `${surface}: ${text}`),
      [
        'notification: A container cannot be deleted by itself. Select only container groups to delete them with all their containers.',
      ],
    );
  });

  describe('a container that does not run is refused with why, and with what to do as buttons', () => {
    for (const [name, run] of Object.entries(commands)) {
      it(name, async () => {
        await run();
        const [refusal, ...buttons] = shown.filter(([surface]) => surface === 'notification');
        assert.match(
          refusal?.[1] ?? '',
          /^Container "web" is not running: Terminated.*stopped on request.*Start the container/,
        );
        assert.deepEqual(
          buttons.map(([, title]) => title),
          ['Start', 'View Logs'],
        );
      });
    }
  });
});
