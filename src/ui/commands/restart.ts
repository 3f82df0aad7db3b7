import * as vscode from 'vscode';
import { operateOnGroups, type OperationServices } from './operateOnGroups.ts';

/** "Restart": restarts all containers of container groups. */
export function restart(args: readonly unknown[], services: OperationServices): Promise<void> {
  const states: readonly (string | undefined)[] = ['Stopped'];
  const operation = {
    verb: 'restart',
    action: vscode.l10n.t('Restart'),
    title: vscode.l10n.t('Restart a Container Group'),
    offer: {
      isOffered: ({ state }: { readonly state: string | undefined }) => !states.includes(state),
      none: vscode.l10n.t('There is no container group that can be restarted'),
    },
    asks: 'where terminals are open',
  } as const;
  return operateOnGroups(args, operation, services);
}
