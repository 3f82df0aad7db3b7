import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import type { Inventory, SubscriptionEntry } from '../../azure/inventory.ts';
import type { Log } from '../log.ts';
import { explain, stateText } from '../problems.ts';
import { containerIcon } from '../tree/stateIcon.ts';

/** The container of a group to exec into: the only one without asking, else a quick pick, running ones first. */
export async function pickContainerOfGroup(group: ContainerGroup): Promise<Container | undefined> {
  if (group.containers.length <= 1) {
    return group.containers[0];
  }
  const items = group.containers
    .toSorted((a, b) => Number(isRunning(b)) - Number(isRunning(a)))
    .map((container) => ({
      label: container.name,
      description: container.image,
      ...(isRunning(container) ? {} : { detail: stateText(container.current) }),
      iconPath: containerIcon(container),
      container,
    }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Exec in {0}', group.name),
    placeHolder: vscode.l10n.t('Container'),
    matchOnDescription: true,
  });
  return picked?.container;
}

export interface PickedContainer {
  readonly groupId: string;
  readonly container: string;
}

interface ContainerItem extends vscode.QuickPickItem {
  readonly id: string;
  readonly target: PickedContainer;
}

/**
 * A quick pick of the running containers of all subscriptions, most recently used first.
 * They appear as Azure answers; when there is just one, it is taken without asking.
 */
export async function pickRunningContainer(
  inventory: Inventory,
  recent: RecentContainers,
  log: Log,
): Promise<PickedContainer | undefined> {
  const quickPick = vscode.window.createQuickPick<ContainerItem>();
  const search = new AbortController();
  quickPick.title = vscode.l10n.t('Exec in a Running Container');
  quickPick.placeholder = vscode.l10n.t('Looking for running containers…');
  quickPick.matchOnDescription = true;
  quickPick.matchOnDetail = true;
  quickPick.busy = true;
  const hidden = new Promise<undefined>((resolve) => quickPick.onDidHide(() => resolve(undefined)));
  const accepted = new Promise<PickedContainer>((resolve) =>
    quickPick.onDidAccept(() => {
      const [item] = quickPick.selectedItems;
      if (item !== undefined) {
        resolve(item.target);
      }
    }),
  );
  quickPick.show();
  const onlyOne = findAll(inventory, search.signal, log, (items) => {
    // The first item is active by itself; another one is the user's choice and stays.
    const [first] = quickPick.items;
    const [active] = quickPick.activeItems;
    quickPick.items = recent.sort(items);
    if (active !== undefined && active.id !== first?.id) {
      quickPick.activeItems = quickPick.items.filter(({ id }) => id === active.id);
    }
  }).then(
    (items) => {
      quickPick.busy = false;
      quickPick.placeholder =
        items.length === 0 ? vscode.l10n.t('No container is running') : vscode.l10n.t('Container');
      const [only] = items;
      return items.length === 1 && only !== undefined ? only.target : new Promise<never>(() => undefined);
    },
    (error: unknown) => {
      if (!search.signal.aborted) {
        throw error;
      }
      return undefined;
    },
  );
  try {
    return await Promise.race([accepted, hidden, onlyOne]);
  } finally {
    search.abort();
    quickPick.dispose();
  }
}

async function findAll(
  inventory: Inventory,
  signal: AbortSignal,
  log: Log,
  show: (items: readonly ContainerItem[]) => void,
): Promise<readonly ContainerItem[]> {
  const found: ContainerItem[] = [];
  // A subscription or group that fails hides its own containers only.
  const failed = (what: string) => (error: unknown) => {
    if (!signal.aborted) {
      log.error(`${what}: ${explain(error)}`, error);
    }
  };
  const searchGroup = async ({ subscription }: SubscriptionEntry, groupId: string) => {
    const group = await inventory.containerGroup(groupId, signal);
    const running = group.containers.filter(isRunning);
    if (running.length > 0 && !signal.aborted) {
      found.push(...running.map((container) => toItem(subscription.displayName, group, container)));
      show(found);
    }
  };
  const searches = new Map<string, Promise<void>>();
  const searchNew = () => {
    for (const entry of inventory.subscriptions()) {
      for (const { id, name } of entry.groups) {
        if (!searches.has(id)) {
          searches.set(id, searchGroup(entry, id).catch(failed(name)));
        }
      }
    }
  };
  const listener = inventory.onDidChange(searchNew);
  try {
    await inventory.load();
    searchNew();
  } finally {
    listener.dispose();
  }
  await Promise.all(searches.values());
  return found;
}

function toItem(subscription: string, group: ContainerGroup, container: Container): ContainerItem {
  return {
    id: container.id,
    label: container.name,
    description: `${group.name} · ${container.image}`,
    detail: `${subscription} · ${group.resourceGroup} · ${group.location}`,
    iconPath: containerIcon(container),
    target: { groupId: group.id, container: container.name },
  };
}

/** Which containers were used last, over sessions of VS Code. */
export class RecentContainers {
  private static readonly key = 'recentContainers';
  private static readonly limit = 50;
  private readonly memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  add(id: string): void {
    const others = this.ids().filter((known) => known !== id);
    void this.memento.update(RecentContainers.key, [id, ...others].slice(0, RecentContainers.limit));
  }

  /** The same items, most recently used first, then by name. */
  sort<T extends { readonly id: string; readonly label: string }>(items: readonly T[]): readonly T[] {
    const ids = this.ids();
    const rank = ({ id }: T) => (ids.includes(id) ? ids.indexOf(id) : ids.length);
    return items.toSorted((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label));
  }

  private ids(): readonly string[] {
    return this.memento.get<readonly string[]>(RecentContainers.key, []);
  }
}
