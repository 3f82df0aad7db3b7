import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { stateAllows } from '../../azure/groupVerbs.ts';
import { costText } from '../messages/operations.ts';
import { operateOnGroups, type OperationServices } from './operateOnGroups.ts';

/** "Start": starts stopped container groups. */
export function start(args: readonly unknown[], services: OperationServices): Promise<void> {
  const operation = {
    verb: 'start',
    action: vscode.l10n.t('Start'),
    title: vscode.l10n.t('Start a Container Group'),
    offer: {
      isOffered: (group: ContainerGroup) => stateAllows('start', group),
      none: vscode.l10n.t('There is no stopped container group'),
      hint: costText('start'),
    },
    asks: 'never',
  } as const;
  return operateOnGroups(args, operation, services);
}
