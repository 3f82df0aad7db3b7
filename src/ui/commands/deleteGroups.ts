import * as vscode from 'vscode';
import { operateOnGroups, type OperationServices } from './operateOnGroups.ts';

/** "Delete": deletes container groups, after a question. */
export function deleteGroups(args: readonly unknown[], services: OperationServices): Promise<void> {
  const operation = {
    verb: 'delete',
    action: vscode.l10n.t('Delete'),
    title: vscode.l10n.t('Delete a Container Group'),
    offer: { isOffered: () => true, none: vscode.l10n.t('There is no container group') },
    asks: 'always',
  } as const;
  return operateOnGroups(args, operation, services);
}
