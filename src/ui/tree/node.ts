import type * as vscode from 'vscode';

/** One row of the tree. */
export interface Node {
  treeItem(): vscode.TreeItem;
  children(signal: AbortSignal): Promise<readonly Node[]>;
}
