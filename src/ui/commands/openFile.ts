import * as vscode from 'vscode';
import { pickPath } from '../files/pickPath.ts';
import { openedUri, selectFiles, type FileServices } from '../files/selectFiles.ts';

/** "Open File…": opens a file of a container in an editor. */
export async function openFile(args: readonly unknown[], services: FileServices): Promise<void> {
  const title = vscode.l10n.t('Open File');
  const selected = await selectFiles(args, title, services);
  if (selected === undefined) {
    return;
  }
  const picked = await pickPath(selected.files, {
    title: vscode.l10n.t('Open File of {0}', selected.target.container.name),
    files: true,
  });
  if (picked !== undefined) {
    await vscode.commands.executeCommand(
      'vscode.open',
      await openedUri(selected.target, picked.path, services),
    );
  }
}
