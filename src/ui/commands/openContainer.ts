import * as vscode from 'vscode';

/** Two clicks no further apart than this are a double click, in milliseconds. */
const doubleClickMs = 500;

/** Enter is passed on by way of VS Code's list, which answers within this time, in milliseconds. */
const enterMs = 2_000;

/**
 * Enter or a double click on the row of a running container opens it. VS Code runs a row's command for a single click
 * too, and has no event for either.
 */
export class OpenContainer {
  private enterAt = Number.NEGATIVE_INFINITY;
  private clicked: { readonly row: unknown; readonly at: number } | undefined;
  private readonly open: (row: unknown) => Promise<void>;

  constructor(open: (row: unknown) => Promise<void>) {
    this.open = open;
  }

  /** The key Enter in the view: selects the focused row, which runs the row's command. */
  async enter(): Promise<void> {
    this.enterAt = performance.now();
    await vscode.commands.executeCommand('list.select');
  }

  /** The command of a running container's row. */
  async activate(row: unknown): Promise<void> {
    const now = performance.now();
    const isEnter = now - this.enterAt < enterMs;
    const { clicked } = this;
    const isDoubleClick = clicked !== undefined && clicked.row === row && now - clicked.at < doubleClickMs;
    this.enterAt = Number.NEGATIVE_INFINITY;
    this.clicked = isDoubleClick ? undefined : { row, at: now };
    if (isEnter || isDoubleClick) {
      await this.open(row);
    }
  }
}
