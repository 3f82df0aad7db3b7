import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { shortImage } from '../messages/images.ts';
import { pickItem } from '../messages/pickItem.ts';
import { plainText } from '../messages/plainText.ts';
import { stateText } from '../messages/states.ts';
import type { RecentContainers } from '../state/recentContainers.ts';
import { containerIcon } from '../tree/stateIcon.ts';
import { pickTarget, type TargetItem } from './pickTarget.ts';
import type { ContainerTarget } from './target.ts';

/** Which containers a command is for. */
export interface Offer {
  readonly isOffered: (container: Container) => boolean;
  /** What the quick pick says where there is none. */
  readonly none: string;
}

/** The containers that Exec is for. */
export const runningContainers: () => Offer = () => ({
  isOffered: isRunning,
  none: vscode.l10n.t('No container is running'),
});

/** All containers, whatever their state. */
export const allContainers: () => Offer = () => ({
  isOffered: () => true,
  none: vscode.l10n.t('There is no container'),
});

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
        iconPath: containerIcon(group, container),
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

/** One of the containers of all subscriptions that are offered; those used last come first. */
export function pickContainer(
  title: string,
  { isOffered, none }: Offer,
  inventory: Inventory,
  recent: RecentContainers,
  log: Log,
): Promise<ContainerTarget | undefined> {
  return pickTarget(
    {
      title,
      searching: vscode.l10n.t('Looking for containers…'),
      placeholder: vscode.l10n.t('Container'),
      none,
      itemsOf: (group, subscription) =>
        group.containers.filter(isOffered).map((container) => toItem(subscription, group, container)),
      sort: (items) => recent.sort(items),
    },
    inventory,
    log,
  );
}

function toItem(
  subscription: string,
  group: ContainerGroup,
  container: Container,
): TargetItem<ContainerTarget> {
  return pickItem({
    id: container.id,
    label: container.name,
    description: `${group.name} · ${shortImage(container.image)}`,
    detail: `${subscription} · ${group.resourceGroup} · ${group.location}`,
    iconPath: containerIcon(group, container),
    target: { group, container },
  });
}
