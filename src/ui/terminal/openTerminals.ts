import * as vscode from 'vscode';

/** A terminal of ours, as far as its registry knows it. */
interface Entry {
  readonly pty: vscode.Pseudoterminal;
}

/** The terminals of one kind that are open, with what is known of each. Disposing it closes them at once. */
export class OpenTerminals<T extends Entry> implements vscode.Disposable {
  private readonly entries = new Map<vscode.Terminal, T>();
  /** Those that VS Code is about to open, too. */
  private readonly prepared = new WeakMap<vscode.Pseudoterminal, T>();
  private readonly listeners = vscode.Disposable.from(
    vscode.window.onDidOpenTerminal((terminal) => this.opened(terminal)),
    vscode.window.onDidCloseTerminal((terminal) => this.entries.delete(terminal)),
  );

  /** What a terminal is made of, where VS Code opens it; it is one of these from then on. */
  prepare(options: Omit<vscode.ExtensionTerminalOptions, 'pty'>, entry: T): vscode.ExtensionTerminalOptions {
    this.prepared.set(entry.pty, entry);
    return { ...options, pty: entry.pty, isTransient: true };
  }

  /** Opens a terminal and shows it. */
  open(options: Omit<vscode.ExtensionTerminalOptions, 'pty'>, entry: T): void {
    const terminal = vscode.window.createTerminal(this.prepare(options, entry));
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

  private opened(terminal: vscode.Terminal): void {
    const { creationOptions } = terminal;
    const entry = 'pty' in creationOptions ? this.prepared.get(creationOptions.pty) : undefined;
    if (entry !== undefined) {
      this.entries.set(terminal, entry);
    }
  }

  dispose(): void {
    this.listeners.dispose();
    for (const [terminal, { pty }] of this.entries) {
      pty.close();
      terminal.dispose();
    }
  }
}
