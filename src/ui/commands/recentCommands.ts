import type * as vscode from 'vscode';

const key = 'recentCommands';
const containersKept = 50;
const commandsKept = 10;

type Entry = readonly [containerId: string, commands: readonly string[]];

/** The command lines that were used last in each container, over sessions of VS Code; secrets are only marked in them. */
export class RecentCommands {
  private readonly memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  of(containerId: string): readonly string[] {
    return this.entries().find(([id]) => id === containerId)?.[1] ?? [];
  }

  add(containerId: string, command: string): void {
    const others = this.of(containerId).filter((known) => known !== command);
    this.keep(containerId, [command, ...others].slice(0, commandsKept));
  }

  forget(containerId: string, command: string): void {
    this.keep(
      containerId,
      this.of(containerId).filter((known) => known !== command),
    );
  }

  private keep(containerId: string, commands: readonly string[]): void {
    const others = this.entries().filter(([id]) => id !== containerId);
    const entries: readonly Entry[] = commands.length === 0 ? others : [[containerId, commands], ...others];
    void this.memento.update(key, entries.slice(0, containersKept));
  }

  private entries(): readonly Entry[] {
    return this.memento.get<readonly Entry[]>(key, []);
  }
}
