import * as vscode from 'vscode';
import { isRunning } from '../../azure/containerGroups.ts';
import { untilAborted } from '../../base/cancellation.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { explainNotRunning } from '../messages/notRunning.ts';
import type { CommandTarget } from '../terminal/containerCommand.ts';
import { TaskProblem, type TaskContainer } from './taskDefinition.ts';

/**
 * The running container that a task names, as it is now.
 * @throws {TaskProblem} where there is none, or more than one, and what asking Azure throws.
 */
export async function findTaskContainer(
  { group: named, container: name }: TaskContainer,
  inventory: Inventory,
  signal: AbortSignal,
): Promise<CommandTarget> {
  const id = named.kind === 'id' ? named.id : await groupIdOf(named, inventory, signal);
  const group = await inventory.freshContainerGroup(id, signal);
  const [first, ...others] = group.containers;
  const container = name === undefined ? first : group.containers.find((each) => each.name === name);
  if (container === undefined) {
    throw new TaskProblem(
      vscode.l10n.t('The container group "{0}" has no container "{1}".', group.name, name ?? ''),
    );
  }
  if (name === undefined && others.length > 0) {
    throw new TaskProblem(
      vscode.l10n.t(
        'The container group "{0}" has several containers. Set "container" of the task to one of: {1}.',
        group.name,
        group.containers.map((each) => each.name).join(', '),
      ),
    );
  }
  if (!isRunning(container)) {
    throw new TaskProblem(explainNotRunning(group, container));
  }
  return { group, container };
}

/** Names repeat across resource groups and subscriptions, so one that is not unique is refused. */
async function groupIdOf(
  { name, resourceGroup }: Extract<TaskContainer['group'], { kind: 'name' }>,
  inventory: Inventory,
  signal: AbortSignal,
): Promise<string> {
  const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase(); // as Azure compares
  const find = () =>
    inventory
      .subscriptions()
      .flatMap(({ groups }) => groups)
      .filter(
        (group) =>
          isSame(group.name, name) &&
          (resourceGroup === undefined || isSame(group.resourceGroup, resourceGroup)),
      );
  await untilAborted(inventory.load(), signal);
  if (find().length === 0) {
    await untilAborted(inventory.refresh(), signal); // it may be newer than the list
  }
  const found = find();
  const [group] = found;
  if (group === undefined) {
    throw new TaskProblem(
      vscode.l10n.t('There is no container group "{0}" in the subscriptions that are shown.', name),
    );
  }
  if (found.length > 1) {
    throw new TaskProblem(
      vscode.l10n.t(
        'There are {0} container groups "{1}". Set "container" of the task to the resource id of the container.',
        found.length,
        name,
      ),
    );
  }
  return group.id;
}
