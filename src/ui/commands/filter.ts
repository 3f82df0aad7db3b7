import * as vscode from 'vscode';
import type { GroupsTree } from '../tree/groupsTree.ts';

/** "Filter Container Groups…": shows only the container groups that match a text. */
export async function filter(tree: GroupsTree): Promise<void> {
  const text = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('Part of a name, resource group, location or subscription'),
    value: tree.filter,
  });
  if (text !== undefined) {
    tree.filter = text;
  }
}
