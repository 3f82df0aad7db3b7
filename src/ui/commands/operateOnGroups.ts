import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import type { GroupVerb, OperationPhase } from '../../azure/groupVerbs.ts';
import { isCancellation } from '../../base/cancellation.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { confirm, showError, showInformation, withLateProgress } from '../messages/notify.ts';
import {
  contentsText,
  cancelledText,
  costText,
  progressTitle,
  questionText,
} from '../messages/operations.ts';
import { explain } from '../messages/problems.ts';
import type { GroupOffer } from './pickGroup.ts';
import { selectGroups } from './target.ts';

export interface OperationServices {
  readonly inventory: Inventory;
  readonly log: Log;
  /** How many of our terminals are open on a group: sessions end with its containers. */
  readonly terminalsOn: (group: ContainerGroup) => number;
}

/** One verb of the life of a container group, in the user's words. */
export interface GroupOperation {
  readonly verb: GroupVerb;
  /** What the button of the dialog says. */
  readonly action: string;
  /** Of the quick pick. */
  readonly title: string;
  readonly offer: GroupOffer;
  readonly asks: 'always' | 'where terminals are open' | 'never';
}

/**
 * Does something to each selected container group, side by side, and follows it to its end. Groups in a state that the
 * verb is not for are left out; what fails is told once for all.
 */
export async function operateOnGroups(
  args: readonly unknown[],
  operation: GroupOperation,
  services: OperationServices,
): Promise<void> {
  const { verb, offer } = operation;
  const selected = await selectGroups(args, operation, services);
  const groups = selected.filter(offer.isOffered);
  if (groups.length === 0) {
    if (selected.length > 0) {
      showInformation(offer.none);
    }
    return;
  }
  if (!(await isWanted(groups, operation, services))) {
    return;
  }
  const work = async (signal: AbortSignal) => {
    const phases = new Map<ContainerGroup, OperationPhase>();
    const outcomes = await Promise.allSettled(
      groups.map((group) =>
        services.inventory.operations.run(verb, group, signal, (phase) => phases.set(group, phase)),
      ),
    );
    const failures = outcomes.flatMap((outcome, index) =>
      outcome.status === 'rejected' ? [{ group: groups[index], reason: outcome.reason as unknown }] : [],
    );
    const unfinished = failures.flatMap(({ group, reason }) =>
      group !== undefined && isCancellation(reason)
        ? [{ group, phase: phases.get(group) ?? ('waiting' as const) }]
        : [],
    );
    if (signal.aborted && unfinished.length > 0) {
      showInformation(cancelledText(unfinished));
    }
    const real = failures.filter(({ reason }) => !isCancellation(reason));
    for (const { group, reason } of real) {
      services.log.error(`${verb} of ${group?.id} failed`, reason);
    }
    const [first] = real;
    if (first !== undefined) {
      const text = `${first.group?.name}: ${explain(first.reason)}`;
      showError(
        real.length === 1 ? text : vscode.l10n.t('{0} of {1} failed. {2}', real.length, groups.length, text),
      );
    }
  };
  // Its dialog has said what a deletion costs.
  await withLateProgress(progressTitle(verb, groups), work, verb === 'delete' ? undefined : costText(verb));
}

async function isWanted(
  groups: readonly ContainerGroup[],
  { verb, action, asks }: GroupOperation,
  { terminalsOn }: OperationServices,
): Promise<boolean> {
  const terminals = groups.reduce((sum, group) => sum + terminalsOn(group), 0);
  if (asks === 'never' || (asks === 'where terminals are open' && terminals === 0)) {
    return true;
  }
  const details = [
    ...(verb === 'delete' || groups.length > 1 ? [contentsText(groups)] : []),
    ...(terminals === 0 ? [] : [vscode.l10n.t('Terminals that are open on it: {0}.', terminals)]),
    costText(verb),
  ];
  return confirm(questionText(verb, groups), action, details.join('\n'));
}
