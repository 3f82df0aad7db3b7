import type * as vscode from 'vscode';
import type { Log } from '../log.ts';

/** One value that is kept between windows. */
export class Store<T> {
  private readonly memento: vscode.Memento;
  private readonly key: string;
  private readonly fallback: T;
  private readonly log: Log;

  constructor(memento: vscode.Memento, key: string, fallback: T, log: Log) {
    this.memento = memento;
    this.key = key;
    this.fallback = fallback;
    this.log = log;
  }

  get value(): T {
    return this.memento.get(this.key, this.fallback);
  }

  set value(value: T) {
    void this.save(value);
  }

  /** Holds at once in this window, and settles once it is written down; where it cannot be, the log says so. */
  async save(value: T): Promise<void> {
    try {
      await this.memento.update(this.key, value);
    } catch (error) {
      this.log.warn(`${this.key} is not remembered`, error);
    }
  }
}

/** Entries by their key, the one that was used last first. */
export type RecentEntries<T> = readonly (readonly [key: string, value: T])[];

/** The entries with one more in front, which replaces the one of its key. */
export function withRecent<T>(
  entries: RecentEntries<T>,
  key: string,
  value: T,
  limit: number,
): RecentEntries<T> {
  return [[key, value] as const, ...entries.filter(([known]) => known !== key)].slice(0, limit);
}
