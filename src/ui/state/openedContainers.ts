import type * as vscode from 'vscode';
import { isSameId } from '../../azure/resourceIds.ts';
import type { Log } from '../log.ts';
import { Store } from './store.ts';

const containersKept = 200;

/** The containers whose files the user has opened, by a command or by agreeing to it. */
export class OpenedContainers {
  private readonly store: Store<readonly string[]>;

  constructor(memento: vscode.Memento, log: Log) {
    this.store = new Store<readonly string[]>(memento, 'openedContainers', [], log);
  }

  has(id: string): boolean {
    return this.store.value.some((known) => isSameId(known, id));
  }

  /** Settles once it is written down: a window that is opened next reads it. */
  add(id: string): Promise<void> {
    const others = this.store.value.filter((known) => !isSameId(known, id));
    return this.store.save([id, ...others].slice(0, containersKept));
  }
}
