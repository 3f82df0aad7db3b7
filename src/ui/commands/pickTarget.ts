import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { ResourceIdMap } from '../../azure/resourceIds.ts';
import { DisposableStore } from '../../base/disposableStore.ts';
import type { Inventory, SubscriptionEntry } from '../../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { plainText } from '../messages/plainText.ts';
import { listed } from './list.ts';

/** Something that a command can act on, in a quick pick. */
export interface TargetItem<T> extends vscode.QuickPickItem {
  /** Its resource id. */
  readonly id: string;
  readonly target: T;
}

/** What a quick pick of targets offers, and its words. */
export interface TargetSearch<T> {
  readonly title: string;
  readonly searching: string;
  readonly placeholder: string;
  readonly none: string;
  /** What a container group gives; nothing where the command cannot act on it. */
  readonly itemsOf: (group: ContainerGroup, subscription: string) => readonly TargetItem<T>[];
  readonly sort?: (items: readonly TargetItem<T>[]) => readonly TargetItem<T>[];
}

/**
 * A quick pick of what the container groups of all subscriptions give. It fills as Azure answers; when there is just one
 * item, it is taken without asking.
 */
export async function pickTarget<T>(
  search: TargetSearch<T>,
  inventory: Inventory,
  log: Log,
): Promise<T | undefined> {
  const disposables = new DisposableStore();
  const ended = new AbortController();
  const quickPick = disposables.add(vscode.window.createQuickPick<TargetItem<T>>());
  quickPick.title = plainText(search.title);
  quickPick.placeholder = plainText(search.searching);
  quickPick.matchOnDescription = true;
  quickPick.matchOnDetail = true;
  quickPick.busy = true;
  const chosen = Promise.withResolvers<T | undefined>();
  disposables.add(quickPick.onDidHide(() => chosen.resolve(undefined)));
  disposables.add(inventory.onDidReset(() => chosen.resolve(undefined))); // another account has other targets
  disposables.add(
    quickPick.onDidAccept(() => {
      const [item] = quickPick.selectedItems;
      if (item !== undefined) {
        chosen.resolve(item.target);
      }
    }),
  );
  const show = (items: readonly TargetItem<T>[]) => {
    // The first item is active by itself; another one is the user's choice and stays.
    const [first] = quickPick.items;
    const [active] = quickPick.activeItems;
    quickPick.items = search.sort?.(items) ?? items;
    if (active !== undefined && active.id !== first?.id) {
      quickPick.activeItems = quickPick.items.filter(({ id }) => id === active.id);
    }
  };
  quickPick.show();
  findTargets(search, inventory, ended.signal, log, show).then((items) => {
    quickPick.busy = false;
    quickPick.placeholder = plainText(items.length === 0 ? search.none : search.placeholder);
    if (items.length === 1) {
      chosen.resolve(items[0]?.target);
    }
  }, chosen.reject);
  try {
    return await chosen.promise;
  } finally {
    ended.abort();
    disposables.dispose();
  }
}

/** @throws why nobody could be asked, or nothing be looked into. */
async function findTargets<T>(
  { itemsOf }: TargetSearch<T>,
  inventory: Inventory,
  signal: AbortSignal,
  log: Log,
  show: (items: readonly TargetItem<T>[]) => void,
): Promise<readonly TargetItem<T>[]> {
  const found: TargetItem<T>[] = [];
  const failures: unknown[] = [];
  const searchGroup = async ({ subscription }: SubscriptionEntry, groupId: string) => {
    const group = await inventory.containerGroup(groupId, signal);
    const items = itemsOf(group, subscription.displayName);
    if (items.length > 0 && !signal.aborted) {
      found.push(...items);
      show(found);
    }
  };
  const searches = new ResourceIdMap<Promise<void>>();
  const searchNew = () => {
    for (const entry of inventory.subscriptions()) {
      for (const { id } of entry.groups) {
        if (!searches.has(id)) {
          // A group that fails hides what is its own only.
          const failed = (error: unknown) => {
            if (!signal.aborted) {
              failures.push(error);
              log.warn(`Looking into ${id} failed`, error);
            }
          };
          searches.set(id, searchGroup(entry, id).catch(failed));
        }
      }
    }
  };
  const listener = inventory.onDidChange(searchNew);
  try {
    await listed(inventory, inventory.load());
    searchNew();
  } finally {
    listener.dispose();
  }
  await Promise.all(searches.values());
  if (found.length === 0 && failures.length > 0) {
    throw failures[0]; // nothing was found because nothing could be looked into
  }
  return found;
}
