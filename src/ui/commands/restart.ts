import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { stateAllows } from '../../azure/groupVerbs.ts';
import { costText } from '../messages/operations.ts';
import { operateOnGroups, type OperationServices } from './operateOnGroups.ts';

/** "Restart": restarts all containers of container groups. */
export function restart(args: readonly unknown[], services: OperationServices): Promise<void> {
  const operation = {
    verb: 'restart',
    action: vscode.l10n.t('Restart'),
    title: vscode.l10n.t('Restart a Container Group'),
    offer: {
      isOffered: (group: ContainerGroup) => stateAllows('restart', group),
      none: vscode.l10n.t('There is no container group that can be restarted'),
      hint: costText('restart'),
    },
    asks: 'where terminals are open',
  } as const;
  return operateOnGroups(args, operation, services);
}
