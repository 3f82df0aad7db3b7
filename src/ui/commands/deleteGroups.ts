import * as vscode from 'vscode';
import { showInformation } from '../messages/notify.ts';
import { ContainerNode } from '../tree/containerNode.ts';
import { operateOnGroups, type OperationServices } from './operateOnGroups.ts';
import { selectedRows } from './target.ts';

/** "Delete": deletes container groups, after a question. A container is not deleted without its group, nor its group for it. */
export async function deleteGroups(args: readonly unknown[], services: OperationServices): Promise<void> {
  if (selectedRows(args).some((row) => row instanceof ContainerNode)) {
    showInformation(
      vscode.l10n.t(
        'A container cannot be deleted by itself. Select only container groups to delete them with all their containers.',
      ),
    );
    return;
  }
  const operation = {
    verb: 'delete',
    action: vscode.l10n.t('Delete'),
    title: vscode.l10n.t('Delete a Container Group'),
    offer: { isOffered: () => true, none: vscode.l10n.t('There is no container group') },
    asks: 'always',
  } as const;
  await operateOnGroups(args, operation, services);
}
