import * as vscode from 'vscode';
import { nameOf } from '../../files/paths.ts';
import { openedUri, selectFiles, type FileServices } from '../files/selectFiles.ts';
import { pickPath } from '../files/pickPath.ts';
import type { ContainerTarget } from './target.ts';
import { pickItem } from '../messages/pickItem.ts';
import { plainText } from '../messages/plainText.ts';

/** "Browse Files": shows a folder of a container in the Explorer. */
export async function browseFiles(args: readonly unknown[], services: FileServices): Promise<void> {
  const selected = await selectFiles(args, vscode.l10n.t('Browse Files'), services);
  if (selected === undefined) {
    return;
  }
  const { container } = selected.target;
  const picked = await pickPath(selected.files, {
    title: vscode.l10n.t('Browse Files of {0}', container.name),
    thisFolder: vscode.l10n.t('Browse This Folder'),
    files: false,
  });
  if (picked !== undefined) {
    await show(selected.target, await openedUri(selected.target, picked.path, services));
  }
}

/** Adding a folder to a window that has none, or a single one, starts all extensions anew, and ends what they run. */
async function show({ container }: ContainerTarget, uri: vscode.Uri): Promise<void> {
  const name = plainText(uri.path === '/' ? container.name : `${nameOf(uri.path)} (${container.name})`);
  const { workspaceFolders = [], workspaceFile } = vscode.workspace;
  const isThere = workspaceFolders.some((folder) => folder.uri.toString() === uri.toString());
  const add = () => vscode.workspace.updateWorkspaceFolders(workspaceFolders.length, 0, { uri, name });
  if (isThere) {
    await vscode.commands.executeCommand('revealInExplorer', uri);
  } else if (workspaceFile !== undefined) {
    add();
  } else {
    const newWindow = vscode.l10n.t('Open in a New Window');
    const here = vscode.l10n.t('Add to This Window');
    const picked = await vscode.window.showQuickPick(
      [
        pickItem({ label: newWindow, iconPath: new vscode.ThemeIcon('empty-window') }),
        pickItem({
          label: here,
          detail: vscode.l10n.t('VS Code starts its extensions anew, which ends their terminals.'),
          iconPath: new vscode.ThemeIcon('root-folder'),
        }),
      ],
      { title: plainText(vscode.l10n.t('Browse Files of {0}', container.name)) },
    );
    if (picked?.label === newWindow) {
      await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
    } else if (picked?.label === here) {
      add();
    }
  }
}
