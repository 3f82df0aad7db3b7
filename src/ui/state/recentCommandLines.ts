import type * as vscode from 'vscode';
import { isSameId } from '../../azure/resourceIds.ts';
import type { Log } from '../log.ts';
import { Store, withRecent, type RecentEntries } from './store.ts';

const containersKept = 50;
const commandsKept = 10;

/** The command lines that were used last in each container; secrets are only marked in them. */
export class RecentCommandLines {
  private readonly store: Store<RecentEntries<readonly string[]>>;

  /** `key` tells those of one command from those of another. */
  constructor(memento: vscode.Memento, key: 'recentCommands' | 'recentRunCommands', log: Log) {
    this.store = new Store<RecentEntries<readonly string[]>>(memento, key, [], log);
  }

  of(containerId: string): readonly string[] {
    return this.entry(containerId)?.[1] ?? [];
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

  private entry(containerId: string) {
    return this.store.value.find(([id]) => isSameId(id, containerId));
  }

  private keep(containerId: string, commands: readonly string[]): void {
    const [key] = this.entry(containerId) ?? [containerId];
    this.store.value = withRecent(this.store.value, key, commands, containersKept).filter(
      ([, kept]) => kept.length > 0,
    );
  }
}
