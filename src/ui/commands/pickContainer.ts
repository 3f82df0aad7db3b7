import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { ResourceIdMap } from '../../azure/resourceIds.ts';
import { DisposableStore } from '../../base/disposableStore.ts';
import type { Inventory, SubscriptionEntry } from '../../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { shortImage } from '../messages/images.ts';
import { pickItem } from '../messages/pickItem.ts';
import { plainText } from '../messages/plainText.ts';
import { stateText } from '../messages/states.ts';
import type { RecentContainers } from '../state/recentContainers.ts';
import { containerIcon } from '../tree/stateIcon.ts';
import { listed } from './list.ts';
import type { ContainerTarget } from './target.ts';

/** One container of a group: the only one without asking, else a quick pick, running ones first. */
export async function pickContainerOfGroup(
  group: ContainerGroup,
  title: string,
): Promise<Container | undefined> {
  if (group.containers.length <= 1) {
    return group.containers[0];
  }
  const items = group.containers
    .toSorted((a, b) => Number(isRunning(b)) - Number(isRunning(a)))
    .map((container) =>
      pickItem({
        label: container.name,
        description: shortImage(container.image),
        ...(isRunning(container) ? {} : { detail: stateText(container.current) }),
        iconPath: containerIcon(container),
        container,
      }),
    );
  const picked = await vscode.window.showQuickPick(items, {
    title: plainText(title),
    placeHolder: vscode.l10n.t('Container'),
    matchOnDescription: true,
  });
  return picked?.container;
}

interface ContainerItem extends vscode.QuickPickItem {
  readonly id: string;
  readonly target: ContainerTarget;
}

/**
 * A quick pick of the containers of all subscriptions that `isOffered` lets through, most recently used first. They
 * appear as Azure answers; when there is just one, it is taken without asking.
 */
export async function pickContainer(
  title: string,
  isOffered: (container: Container) => boolean,
  inventory: Inventory,
  recent: RecentContainers,
  log: Log,
): Promise<ContainerTarget | undefined> {
  const disposables = new DisposableStore();
  const search = new AbortController();
  const quickPick = disposables.add(vscode.window.createQuickPick<ContainerItem>());
  quickPick.title = plainText(title);
  quickPick.placeholder = vscode.l10n.t('Looking for containers…');
  quickPick.matchOnDescription = true;
  quickPick.matchOnDetail = true;
  quickPick.busy = true;
  const chosen = Promise.withResolvers<ContainerTarget | undefined>();
  disposables.add(quickPick.onDidHide(() => chosen.resolve(undefined)));
  disposables.add(
    quickPick.onDidAccept(() => {
      const [item] = quickPick.selectedItems;
      if (item !== undefined) {
        chosen.resolve(item.target);
      }
    }),
  );
  const show = (items: readonly ContainerItem[]) => {
    // The first item is active by itself; another one is the user's choice and stays.
    const [first] = quickPick.items;
    const [active] = quickPick.activeItems;
    quickPick.items = recent.sort(items);
    if (active !== undefined && active.id !== first?.id) {
      quickPick.activeItems = quickPick.items.filter(({ id }) => id === active.id);
    }
  };
  quickPick.show();
  findContainers(isOffered, inventory, search.signal, log, show).then((items) => {
    quickPick.busy = false;
    quickPick.placeholder =
      items.length === 0 ? vscode.l10n.t('No container is running') : vscode.l10n.t('Container');
    if (items.length === 1) {
      chosen.resolve(items[0]?.target);
    }
  }, chosen.reject);
  try {
    return await chosen.promise;
  } finally {
    search.abort();
    disposables.dispose();
  }
}

async function findContainers(
  isOffered: (container: Container) => boolean,
  inventory: Inventory,
  signal: AbortSignal,
  log: Log,
  show: (items: readonly ContainerItem[]) => void,
): Promise<readonly ContainerItem[]> {
  const found: ContainerItem[] = [];
  const searchGroup = async ({ subscription }: SubscriptionEntry, groupId: string) => {
    const group = await inventory.containerGroup(groupId, signal);
    const offered = group.containers.filter(isOffered);
    if (offered.length > 0 && !signal.aborted) {
      found.push(...offered.map((container) => toItem(subscription.displayName, group, container)));
      show(found);
    }
  };
  const searches = new ResourceIdMap<Promise<void>>();
  const searchNew = () => {
    for (const entry of inventory.subscriptions()) {
      for (const { id } of entry.groups) {
        if (!searches.has(id)) {
          // A group that fails hides its own containers only.
          const failed = (error: unknown) => !signal.aborted && log.warn(`Looking into ${id} failed`, error);
          searches.set(
            id,
            searchGroup(entry, id).catch((error: unknown) => void failed(error)),
          );
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
  return found;
}

function toItem(subscription: string, group: ContainerGroup, container: Container): ContainerItem {
  return pickItem({
    id: container.id,
    label: container.name,
    description: `${group.name} · ${shortImage(container.image)}`,
    detail: `${subscription} · ${group.resourceGroup} · ${group.location}`,
    iconPath: containerIcon(container),
    target: { group, container },
  });
}
