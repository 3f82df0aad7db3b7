import { isRunning } from '../../azure/containerGroups.ts';
import { AzureError } from '../../azure/errors.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { showWarning } from '../messages/notify.ts';
import { explainNotRunning } from '../messages/notRunning.ts';
import { nextSteps } from './nextSteps.ts';
import { withViewProgress, type ContainerTarget } from './target.ts';

/** A notification has room for no more. */
const mostButtons = 2;

/**
 * The container for a command that needs it to run: as it is known where it ran when it was last looked at, else as it is
 * now. Undefined where the user has been told why it does not run, with what can be done about it.
 */
export async function runningTarget(
  known: ContainerTarget,
  inventory: Inventory,
): Promise<ContainerTarget | undefined> {
  const target = isRunning(known.container) ? known : await lookAgain(known, inventory);
  if (isRunning(target.container)) {
    return target;
  }
  const steps = await nextSteps(target, inventory);
  showWarning(explainNotRunning(target.group, target.container), steps.slice(0, mostButtons));
  return undefined;
}

/** The container as it is now. @throws {AzureError} when Azure no longer has it. */
async function lookAgain(target: ContainerTarget, inventory: Inventory): Promise<ContainerTarget> {
  const group = await withViewProgress((signal) => inventory.freshContainerGroup(target.group.id, signal));
  const { name } = target.container;
  const container = group.containers.find((candidate) => candidate.name === name);
  if (container === undefined) {
    throw new AzureError({ kind: 'notFound', detail: name });
  }
  return { group, container };
}
