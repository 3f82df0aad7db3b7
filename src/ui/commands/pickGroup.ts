import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { pickItem } from '../messages/pickItem.ts';
import { containerGroupIcon } from '../tree/stateIcon.ts';
import { pickTarget } from './pickTarget.ts';

/** Which container groups a command is for. */
export interface GroupOffer {
  readonly isOffered: (group: ContainerGroup) => boolean;
  /** What the quick pick says where there is none. */
  readonly none: string;
  /** What it says besides. */
  readonly hint?: string;
}

/** All container groups, whatever their state. */
export const allGroups: () => GroupOffer = () => ({
  isOffered: () => true,
  none: vscode.l10n.t('There is no container group'),
});

/** One of the container groups of all subscriptions that are offered. */
export function pickGroup(
  title: string,
  { isOffered, none, hint }: GroupOffer,
  inventory: Inventory,
  log: Log,
): Promise<ContainerGroup | undefined> {
  return pickTarget(
    {
      title,
      searching: vscode.l10n.t('Looking for container groups…'),
      placeholder: hint ?? vscode.l10n.t('Container group'),
      none,
      itemsOf: (group, subscription) =>
        isOffered(group)
          ? [
              pickItem({
                id: group.id,
                label: group.name,
                description: group.state ?? group.provisioningState ?? '',
                detail: `${subscription} · ${group.resourceGroup} · ${group.location}`,
                iconPath: containerGroupIcon(group),
                target: group,
              }),
            ]
          : [],
    },
    inventory,
    log,
  );
}
