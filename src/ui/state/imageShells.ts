import type * as vscode from 'vscode';
import type { Log } from '../log.ts';
import { Store, withRecent, type RecentEntries } from './store.ts';

const imagesKept = 200;

/** Which command worked for an image, so that the next session starts with it. */
export class ImageShells {
  private readonly store: Store<RecentEntries<string>>;

  constructor(memento: vscode.Memento, log: Log) {
    this.store = new Store<RecentEntries<string>>(memento, 'shellOfImage', [], log);
  }

  of(image: string): string | undefined {
    return this.store.value.find(([known]) => known === image)?.[1];
  }

  add(image: string, command: string): void {
    this.store.value = withRecent(this.store.value, image, command, imagesKept);
  }
}
