import type * as vscode from 'vscode';

/** One row of the tree. */
export interface Node {
  /** Of the row in the whole tree. */
  readonly id: string;
  treeItem(): vscode.TreeItem;
  /** All that the row and the rows below it are drawn from: the row is drawn again when it differs. */
  fingerprint(): string;
  /** A row without is never unfolded. */
  children?(signal: AbortSignal): Promise<readonly Node[]>;
}
