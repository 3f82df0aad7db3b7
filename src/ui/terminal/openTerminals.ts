import * as vscode from 'vscode';

/** A terminal of ours, as far as its registry knows it. */
interface Entry {
  readonly pty: vscode.Pseudoterminal;
}

/** The terminals of one kind that are open, with what is known of each. Disposing it closes them at once. */
export class OpenTerminals<T extends Entry> implements vscode.Disposable {
  private readonly entries = new Map<vscode.Terminal, T>();
  private readonly listener = vscode.window.onDidCloseTerminal((terminal) => this.entries.delete(terminal));

  /** Opens a terminal and shows it. */
  open(options: Omit<vscode.ExtensionTerminalOptions, 'pty'>, entry: T): void {
    const terminal = vscode.window.createTerminal({ ...options, pty: entry.pty, isTransient: true });
    this.entries.set(terminal, entry);
    terminal.show();
  }

  /** What is known of the open ones. */
  get all(): readonly T[] {
    return [...this.entries.values()];
  }

  /** What is known of the terminal in front, where it is one of these. */
  get active(): T | undefined {
    const terminal = vscode.window.activeTerminal;
    return terminal === undefined ? undefined : this.entries.get(terminal);
  }

  show(entry: T): void {
    for (const [terminal, known] of this.entries) {
      if (known === entry) {
        terminal.show();
      }
    }
  }

  dispose(): void {
    this.listener.dispose();
    for (const [terminal, { pty }] of this.entries) {
      pty.close();
      terminal.dispose();
    }
  }
}
