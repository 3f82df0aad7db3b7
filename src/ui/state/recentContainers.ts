import type * as vscode from 'vscode';
import { isSameId } from '../../azure/resourceIds.ts';
import type { Log } from '../log.ts';
import { Store } from './store.ts';

const containersKept = 50;

/** Which containers were used last. */
export class RecentContainers {
  private readonly store: Store<readonly string[]>;

  constructor(memento: vscode.Memento, log: Log) {
    this.store = new Store<readonly string[]>(memento, 'recentContainers', [], log);
  }

  add(id: string): void {
    const others = this.store.value.filter((known) => !isSameId(known, id));
    this.store.value = [id, ...others].slice(0, containersKept);
  }

  /** The same items, most recently used first, then by name. */
  sort<T extends { readonly id: string; readonly label: string }>(items: readonly T[]): readonly T[] {
    const ids = this.store.value;
    const rank = ({ id }: T) => {
      const at = ids.findIndex((known) => isSameId(known, id));
      return at < 0 ? ids.length : at;
    };
    return items.toSorted((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label));
  }
}
