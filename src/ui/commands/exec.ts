import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { isCancellation } from '../../azure/errors.ts';
import type { Inventory } from '../../azure/inventory.ts';
import type { ResourceManager } from '../../azure/resourceManager.ts';
import { shellCandidates } from '../../exec/shell.ts';
import { withSignal } from '../cancellation.ts';
import type { Log } from '../log.ts';
import { explain, explainNotRunning } from '../problems.ts';
import { shells } from '../settings.ts';
import { ExecTerminal } from '../terminal/execTerminal.ts';
import type { ShellMemory } from '../terminal/shellMemory.ts';
import { ContainerGroupNode } from '../tree/containerGroupNode.ts';
import { ContainerNode } from '../tree/containerNode.ts';
import { pickContainerOfGroup, pickRunningContainer, type RecentContainers } from './pickContainer.ts';

export interface ExecParts {
  readonly azure: () => Promise<Pick<ResourceManager, 'executeCommand'>>;
  readonly inventory: Inventory;
  readonly log: Log;
  readonly shellMemory: ShellMemory;
  readonly recent: RecentContainers;
}

/** A container to exec into, as a fresh GET told it. */
interface Target {
  readonly group: ContainerGroup;
  readonly container: Container;
}

/** "Exec": opens a terminal in the container of the row; called with no row, as from the palette, a quick pick asks. */
export async function exec(rows: readonly unknown[], parts: ExecParts): Promise<void> {
  const target = await findTarget(rows, parts);
  if (target !== undefined) {
    const { group, container } = target;
    openTerminal(
      target,
      shellCandidates(shells(group.osType), parts.shellMemory.recall(container.image)),
      parts,
    );
  }
}

/** "Exec with Command…": the same with a command line of the user's. */
export async function execWithCommand(
  rows: readonly unknown[],
  parts: ExecParts,
  askCommand: () => Promise<string | undefined>,
): Promise<void> {
  const target = await findTarget(rows, parts);
  const command = target === undefined ? undefined : await askCommand();
  if (target !== undefined && command !== undefined) {
    openTerminal(target, [command], parts);
  }
}

/** Finds the container and makes sure that it runs; tells the user when it does not. */
async function findTarget(rows: readonly unknown[], parts: ExecParts): Promise<Target | undefined> {
  try {
    const target = await selectTarget(rows, parts);
    if (target === undefined || isRunning(target.container)) {
      return target;
    }
    void vscode.window.showWarningMessage(explainNotRunning(target.container));
  } catch (error) {
    if (!isCancellation(error)) {
      parts.log.error('Exec', error);
      void vscode.window.showErrorMessage(explain(error));
    }
  }
  return undefined;
}

async function selectTarget(rows: readonly unknown[], parts: ExecParts): Promise<Target | undefined> {
  const [node] = rows;
  if (node instanceof ContainerNode) {
    const group = await freshGroup(node.group.id, parts);
    const container = group.containers.find(({ name }) => name === node.container.name);
    return container === undefined ? undefined : { group, container };
  }
  if (node instanceof ContainerGroupNode) {
    const group = await freshGroup(node.summary.id, parts);
    const container = await pickContainerOfGroup(group);
    return container === undefined ? undefined : { group, container };
  }
  if (rows.length > 0) {
    // VS Code hands over no row while the tree is being redrawn; guessing another container would be worse.
    void vscode.window.showInformationMessage(vscode.l10n.t('The list has just changed. Try again.'));
    return undefined;
  }
  const picked = await pickRunningContainer(parts.inventory, parts.recent, parts.log);
  if (picked === undefined) {
    return undefined;
  }
  const group = await freshGroup(picked.groupId, parts);
  const container = group.containers.find(({ name }) => name === picked.container);
  return container === undefined ? undefined : { group, container };
}

/** The group as it is now: Azure would answer 200 to an exec in an ended container. */
function freshGroup(groupId: string, { inventory }: ExecParts): Promise<ContainerGroup> {
  return Promise.resolve(
    vscode.window.withProgress(
      { location: { viewId: 'containerInstances.groups' }, cancellable: true },
      (_progress, token) => withSignal(token, (signal) => inventory.freshContainerGroup(groupId, signal)),
    ),
  );
}

function openTerminal({ group, container }: Target, commands: readonly string[], parts: ExecParts): void {
  if (commands.length === 0) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('No shell is set. Add one to "containerInstances.exec.linuxShells" or "windowsShells".'),
    );
    return;
  }
  parts.recent.add(container.id);
  const pty = new ExecTerminal(
    { group, container: container.name, commands },
    {
      ...parts,
      onStarted: (image, command) => {
        if (commands.length > 1) {
          parts.shellMemory.remember(image, command);
        }
      },
    },
  );
  const terminal = vscode.window.createTerminal({
    name: `${container.name} (${group.name})`,
    pty,
    iconPath: new vscode.ThemeIcon('vm'),
    isTransient: true,
  });
  terminal.show();
}
