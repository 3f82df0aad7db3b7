import * as vscode from 'vscode';
import { isCancellation } from '../../base/cancellation.ts';
import { DisposableStore } from '../../base/disposableStore.ts';
import { Emitter } from '../../base/emitter.ts';
import type { FolderEntry } from '../../files/entries.ts';
import { childOf } from '../../files/paths.ts';
import type { RemoteFiles } from '../../files/remoteFiles.ts';
import { pickItem } from '../messages/pickItem.ts';
import { plainText } from '../messages/plainText.ts';
import { explain } from '../messages/problems.ts';

/** What a quick pick of paths is for. */
export interface PathWords {
  readonly title: string;
  /** What the item says that takes the folder itself; only files are taken without it. */
  readonly thisFolder?: string;
  /** Whether files are offered. */
  readonly files: boolean;
}

export interface PickedPath {
  readonly path: string;
  readonly isFolder: boolean;
}

interface PathItem extends vscode.QuickPickItem {
  readonly path: string;
  readonly kindOfPath: 'file' | 'folder' | 'thisFolder';
}

/** More than anybody looks through; typing narrows them down. */
const maxItems = 500;

/** Lets the user walk through a container's folders, or type a path, which is completed. */
export async function pickPath(
  files: RemoteFiles,
  words: PathWords,
  start = '/',
): Promise<PickedPath | undefined> {
  const disposables = new DisposableStore();
  const quickPick = disposables.add(vscode.window.createQuickPick<PathItem>());
  quickPick.title = plainText(words.title);
  quickPick.placeholder = vscode.l10n.t('A path in the container');
  quickPick.value = start;
  const picked = Promise.withResolvers<PickedPath | undefined>();
  const browser = new PathBrowser(quickPick, files, words);
  disposables.add(browser);
  disposables.add(quickPick.onDidHide(() => picked.resolve(undefined)));
  disposables.add(quickPick.onDidChangeValue(() => browser.show()));
  browser.onDidPick((path) => picked.resolve(path));
  disposables.add(quickPick.onDidAccept(() => browser.accept()));
  quickPick.show();
  browser.show();
  try {
    return await picked.promise;
  } finally {
    disposables.dispose();
  }
}

/** Fills a quick pick with what is in the folder that is typed. */
class PathBrowser {
  private readonly quickPick: vscode.QuickPick<PathItem>;
  private readonly files: RemoteFiles;
  private readonly words: PathWords;
  private readonly listed = new Map<string, readonly FolderEntry[]>();
  private readonly picked = new Emitter<PickedPath>();
  private listing = new AbortController();
  /** Enter was pressed before there was anything to take. */
  private isAccepted = false;

  readonly onDidPick = this.picked.event;

  constructor(quickPick: vscode.QuickPick<PathItem>, files: RemoteFiles, words: PathWords) {
    this.quickPick = quickPick;
    this.files = files;
    this.words = words;
  }

  /** Takes the item that is chosen; one that is still being listed once it is there. */
  accept(): void {
    const { selectedItems, busy } = this.quickPick;
    const [item] = selectedItems;
    if (item !== undefined) {
      this.take(item);
    } else {
      this.isAccepted = busy;
    }
  }

  show(): void {
    const { value } = this.quickPick;
    this.isAccepted = false;
    const slash = value.lastIndexOf('/');
    const folder = value.slice(0, slash) || '/';
    const known = this.listed.get(folder);
    this.listing.abort();
    if (!value.startsWith('/')) {
      this.quickPick.items = [];
    } else if (known === undefined) {
      this.quickPick.items = [];
      void this.load(folder);
    } else {
      this.quickPick.busy = false;
      this.quickPick.items = this.itemsOf(folder, value.slice(slash + 1), known);
    }
  }

  dispose(): void {
    this.listing.abort();
  }

  private async load(folder: string): Promise<void> {
    this.listing = new AbortController();
    this.quickPick.busy = true;
    try {
      this.listed.set(folder, await this.files.list(folder, this.listing.signal));
      const { isAccepted } = this;
      this.show();
      const [first] = this.quickPick.items;
      if (isAccepted && first !== undefined) {
        this.take(first);
      }
    } catch (error) {
      if (!isCancellation(error)) {
        this.quickPick.busy = false;
        const label = explain(error);
        this.quickPick.items = [
          pickItem({ label, alwaysShow: true, path: folder, kindOfPath: 'folder' as const }),
        ];
      }
    }
  }

  private take({ path, kindOfPath }: PathItem): void {
    if (kindOfPath === 'folder') {
      this.quickPick.value = `${path === '/' ? '' : path}/`;
      this.show();
    } else {
      this.picked.fire({ path, isFolder: kindOfPath === 'thisFolder' });
    }
  }

  private itemsOf(folder: string, typed: string, entries: readonly FolderEntry[]): readonly PathItem[] {
    const { thisFolder, files } = this.words;
    const fits = entries
      .filter(({ name, type }) => name.startsWith(typed) && (files || type === 'folder'))
      .toSorted(
        (a, b) =>
          // What is typed to its end is what Enter takes.
          Number(b.name === typed) - Number(a.name === typed) ||
          Number(b.type === 'folder') - Number(a.type === 'folder') ||
          compare(a.name, b.name),
      )
      .slice(0, maxItems)
      .map(({ name, type }) =>
        pickItem({
          label: name,
          alwaysShow: true,
          iconPath: type === 'folder' ? vscode.ThemeIcon.Folder : vscode.ThemeIcon.File,
          path: childOf(folder, name),
          kindOfPath: type === 'folder' ? ('folder' as const) : ('file' as const),
        }),
      );
    const itself =
      thisFolder === undefined || typed !== ''
        ? []
        : [
            pickItem({
              label: thisFolder,
              description: folder,
              alwaysShow: true,
              iconPath: new vscode.ThemeIcon('check'),
              path: folder,
              kindOfPath: 'thisFolder' as const,
            }),
          ];
    return [...itself, ...fits];
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
