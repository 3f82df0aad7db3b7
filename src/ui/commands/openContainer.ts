import * as vscode from 'vscode';
import { isRunning } from '../../azure/containerGroups.ts';
import { ContainerNode } from '../tree/containerNode.ts';

/** Two clicks no further apart than this are a double click, in milliseconds. */
const doubleClickMs = 500;

/**
 * Enter or a double click on the row of a running container opens it. VS Code runs a row's command for a single click
 * too, and has no event for either.
 */
export class OpenContainer {
  private clicked: { readonly row: unknown; readonly at: number } | undefined;
  private readonly open: (row: unknown) => Promise<void>;
  private readonly selection: () => readonly unknown[];

  /** `selection` gives the rows that are selected in the view. */
  constructor(open: (row: unknown) => Promise<void>, selection: () => readonly unknown[]) {
    this.open = open;
    this.selection = selection;
  }

  /** The key Enter in the view: does what it does in any list, and opens the row that is selected then. */
  async enter(): Promise<void> {
    this.clicked = undefined; // the row's command, which this runs too, is no second click
    await vscode.commands.executeCommand('list.select');
    const [row, ...others] = this.selection();
    if (others.length === 0 && row instanceof ContainerNode && isRunning(row.container)) {
      await this.open(row);
    }
  }

  /** The command of a running container's row. */
  async activate(row: unknown): Promise<void> {
    const now = performance.now();
    const { clicked } = this;
    const isDoubleClick = clicked !== undefined && clicked.row === row && now - clicked.at < doubleClickMs;
    this.clicked = isDoubleClick ? undefined : { row, at: now };
    if (isDoubleClick) {
      await this.open(row);
    }
  }
}
