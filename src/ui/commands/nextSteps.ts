import * as vscode from 'vscode';
import { isInitContainer, type ContainerGroup } from '../../azure/containerGroups.ts';
import { verdictOn, type Judged } from '../../azure/verdict.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { adviceOn, stepTitle, type NextStep } from '../messages/verdicts.ts';
import { ContainerGroupNode } from '../tree/containerGroupNode.ts';
import { ContainerNode } from '../tree/containerNode.ts';

/** What can be done about a container or a group as buttons, the one that its verdict advises first. */
export async function nextSteps(judged: Judged, inventory: Inventory): Promise<readonly vscode.Command[]> {
  const verdict = verdictOn(judged);
  const steps = new Set<NextStep>([
    adviceOn(verdict, judged.group).step,
    ...(judged.group.state === 'Stopped' ? (['start'] as const) : []),
    'viewLogs',
    'openInPortal',
    'refresh',
  ]);
  const container = verdict.kind === 'ofContainer' ? verdict.container : judged.container;
  const existing = await vscode.commands.getCommands(true);
  return [...steps].flatMap((step) => {
    // To explain it once more is to ask Azure once more.
    const command = `containerInstances.${step === 'refresh' ? 'explainState' : step}`;
    const hasNone = container !== undefined && isInitContainer(container.id) && isOfContainer(step);
    const target = isOfContainer(step) ? { ...judged, container } : judged;
    return hasNone || !existing.includes(command)
      ? []
      : [{ command, title: stepTitle(step), arguments: [rowOf(target, inventory)] }];
  });
}

/** Explains the state of a group at more length. */
export function explainCommand(group: ContainerGroup, title: string, inventory: Inventory): vscode.Command {
  const row = rowOf({ group, container: undefined }, inventory);
  return { command: 'containerInstances.explainState', title, arguments: [row] };
}

/** Init containers have neither a log nor a shell of their own. */
function isOfContainer(step: NextStep): boolean {
  return step === 'exec' || step === 'viewLogs';
}

/** The row that a command acts on. */
function rowOf({ group, container }: Judged, inventory: Inventory): ContainerGroupNode | ContainerNode {
  return container === undefined
    ? new ContainerGroupNode(group, inventory)
    : new ContainerNode(group, container, isInitContainer(container.id));
}
