import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { isCancellation } from '../../azure/errors.ts';
import type { Inventory } from '../../azure/inventory.ts';
import type { ResourceManager } from '../../azure/resourceManager.ts';
import { plainCommand, type ExecCommand } from '../../exec/command.ts';
import { shellCandidates } from '../../exec/shell.ts';
import { withSignal } from '../cancellation.ts';
import type { Log } from '../log.ts';
import { explain, explainNotRunning } from '../problems.ts';
import { shells } from '../settings.ts';
import type { ExecTerminals } from '../terminal/execTerminals.ts';
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
  readonly terminals: ExecTerminals;
}

/** A container to exec into, as a fresh GET told it. */
interface Target {
  readonly group: ContainerGroup;
  readonly container: Container;
}

/** Up to so many terminals open without asking. */
const openedUnasked = 5;

/**
 * "Exec": opens a terminal in the container of each selected row; called with no row, as from the palette, a quick
 * pick asks.
 */
export async function exec(rows: readonly unknown[], parts: ExecParts): Promise<void> {
  for (const target of await findTargets(rows, parts)) {
    const { group, container } = target;
    const commands = shellCandidates(shells(group.osType), parts.shellMemory.recall(container.image));
    await openTerminal(target, commands.map(plainCommand), parts);
  }
}

/** "Exec with Command…": the same with a command line of the user's. */
export async function execWithCommand(
  rows: readonly unknown[],
  parts: ExecParts,
  askCommand: (containerId: string) => Promise<ExecCommand | undefined>,
): Promise<void> {
  const targets = await findTargets(rows, parts);
  const [first] = targets;
  const command = first === undefined ? undefined : await askCommand(first.container.id);
  if (command !== undefined) {
    for (const target of targets) {
      await openTerminal(target, [command], parts);
    }
  }
}

/** Finds the containers and makes sure that they run; tells the user which do not. */
async function findTargets(rows: readonly unknown[], parts: ExecParts): Promise<readonly Target[]> {
  const nodes = selectedNodes(rows);
  if (nodes.length > openedUnasked && !(await confirmMany(nodes.length))) {
    return [];
  }
  const targets: Target[] = [];
  for (const node of nodes.length === 0 ? [undefined] : nodes) {
    const target = await findTarget(node, parts);
    if (target !== undefined) {
      targets.push(target);
    }
  }
  return targets;
}

/** VS Code hands over the row of the menu, then all selected ones if there are several. */
function selectedNodes([row, selection]: readonly unknown[]): readonly unknown[] {
  if (Array.isArray(selection) && selection.length > 1) {
    return selection;
  }
  return row === undefined ? [] : [row];
}

async function confirmMany(count: number): Promise<boolean> {
  const open = vscode.l10n.t('Open {0} Terminals', count);
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Exec opens a terminal for each of the {0} selected rows.', count),
    { modal: true },
    open,
  );
  return answer === open;
}

async function findTarget(node: unknown, parts: ExecParts): Promise<Target | undefined> {
  try {
    const target = await selectTarget(node, parts);
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

async function selectTarget(node: unknown, parts: ExecParts): Promise<Target | undefined> {
  if (node instanceof ContainerNode) {
    return containerOf(await freshGroup(node.group.id, parts), node.container.name);
  }
  if (node instanceof ContainerGroupNode) {
    const group = await freshGroup(node.summary.id, parts);
    const container = await pickContainerOfGroup(group);
    return container === undefined ? undefined : { group, container };
  }
  if (node !== undefined) {
    // VS Code hands over no row while the tree is being redrawn; guessing another container would be worse.
    void vscode.window.showInformationMessage(vscode.l10n.t('The list has just changed. Try again.'));
    return undefined;
  }
  const picked = await pickRunningContainer(parts.inventory, parts.recent, parts.log);
  return picked === undefined
    ? undefined
    : containerOf(await freshGroup(picked.groupId, parts), picked.container);
}

function containerOf(group: ContainerGroup, name: string): Target | undefined {
  const container = group.containers.find((candidate) => candidate.name === name);
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

async function openTerminal(
  { group, container }: Target,
  commands: readonly ExecCommand[],
  parts: ExecParts,
): Promise<void> {
  if (commands.length === 0) {
    void vscode.window.showErrorMessage(
      vscode.l10n.t('No shell is set. Add one to "containerInstances.exec.linuxShells" or "windowsShells".'),
    );
    return;
  }
  parts.recent.add(container.id);
  await parts.terminals.create(
    container.id,
    { group, container: container.name, commands },
    {
      ...parts,
      onStarted: (image, command) => {
        if (commands.length > 1) {
          parts.shellMemory.remember(image, command.shown);
        }
      },
    },
  );
}
