import * as vscode from 'vscode';
import { operateOnGroups, type OperationServices } from './operateOnGroups.ts';

/** "Stop": stops container groups, which ends their billing. */
export function stop(args: readonly unknown[], services: OperationServices): Promise<void> {
  const states: readonly (string | undefined)[] = ['Stopped', 'Succeeded'];
  const operation = {
    verb: 'stop',
    action: vscode.l10n.t('Stop'),
    title: vscode.l10n.t('Stop a Container Group'),
    offer: {
      isOffered: ({ state }: { readonly state: string | undefined }) => !states.includes(state),
      none: vscode.l10n.t('There is no running container group'),
    },
    asks: 'where terminals are open',
  } as const;
  return operateOnGroups(args, operation, services);
}
