import * as vscode from 'vscode';
import type { Node } from './node.ts';

/** The row below a page of a long branch: clicked, it shows the next page. */
export class ShowMoreNode implements Node {
  readonly id: string;
  private readonly parent: Node;
  private readonly rest: number;

  constructor(parent: Node, rest: number) {
    this.id = `${parent.id}/more`;
    this.parent = parent;
    this.rest = rest;
  }

  treeItem(): vscode.TreeItem {
    const title = vscode.l10n.t('Show more…');
    const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = vscode.l10n.t('{0} left', this.rest);
    item.iconPath = new vscode.ThemeIcon('ellipsis');
    item.command = { command: 'containerInstances.showMore', title, arguments: [this.parent] };
    return item;
  }

  fingerprint(): string {
    return String(this.rest);
  }
}
