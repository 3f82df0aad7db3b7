import * as vscode from 'vscode';
import type { Node } from './node.ts';

/** A row that says something instead of showing something: why a neighbour could not be listed, or that it is empty. */
export class MessageNode implements Node {
  readonly id: string;
  private readonly text: string;
  private readonly iconId: 'error' | 'info';

  constructor(parentId: string, text: string, iconId: 'error' | 'info') {
    this.id = `${parentId}/message`;
    this.text = text;
    this.iconId = iconId;
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.text, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.iconPath = new vscode.ThemeIcon(this.iconId);
    item.tooltip = this.text;
    item.contextValue = 'message';
    return item;
  }

  fingerprint(): string {
    return this.text;
  }
}
