import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { stateAllows } from '../../azure/groupVerbs.ts';
import { costText } from '../messages/operations.ts';
import { operateOnGroups, type OperationServices } from './operateOnGroups.ts';

/** "Stop": stops container groups, which ends their billing. */
export function stop(args: readonly unknown[], services: OperationServices): Promise<void> {
  const operation = {
    verb: 'stop',
    action: vscode.l10n.t('Stop'),
    title: vscode.l10n.t('Stop a Container Group'),
    offer: {
      isOffered: (group: ContainerGroup) => stateAllows('stop', group),
      none: vscode.l10n.t('There is no running container group'),
      hint: costText('stop'),
    },
    asks: 'where terminals are open',
  } as const;
  return operateOnGroups(args, operation, services);
}
