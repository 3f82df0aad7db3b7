import * as vscode from 'vscode';
import type { Container, ContainerGroup } from '../../azure/containerGroups.ts';
import { ResourceIdMap } from '../../azure/resourceIds.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { withSignal } from '../cancellation.ts';
import type { Log } from '../log.ts';
import { showInformation } from '../messages/notify.ts';
import type { RecentContainers } from '../state/recentContainers.ts';
import { ContainerGroupNode } from '../tree/containerGroupNode.ts';
import { ContainerNode } from '../tree/containerNode.ts';
import { pickContainer, pickContainerOfGroup, type Offer } from './pickContainer.ts';
import { pickGroup, type GroupOffer } from './pickGroup.ts';

/** A container that a command acts on, as it was known last. */
export interface ContainerTarget {
  readonly group: ContainerGroup;
  readonly container: Container;
}

/** What one command asks with. */
export interface TargetWords {
  /** Of the quick pick for all containers. */
  readonly title: string;
  /** Of the quick pick for the containers of one group. */
  readonly titleIn: (group: string) => string;
  /** What the quick pick for all containers offers. */
  readonly offer: Offer;
}

export interface TargetServices {
  readonly inventory: Inventory;
  readonly recent: RecentContainers;
  readonly log: Log;
}

/**
 * The containers that a command acts on: those of its rows, and of a group with several the one that the user picks.
 * Without a row, as from the command palette, the user picks among all that are offered. What was used is remembered.
 */
export async function selectContainers(
  args: readonly unknown[],
  words: TargetWords,
  services: TargetServices,
): Promise<readonly ContainerTarget[]> {
  const rows = selectedRows(args);
  const targets: ContainerTarget[] = [];
  for (const row of rows.length === 0 ? [undefined] : rows) {
    const target = await selectContainer(row, words, services);
    if (target !== undefined) {
      services.recent.add(target.container.id);
      targets.push(target);
    }
  }
  return targets;
}

/** The same for a command that acts on all containers of a group that it is for, each once, without asking for one. */
export async function selectAllContainers(
  args: readonly unknown[],
  words: TargetWords,
  services: TargetServices,
): Promise<readonly ContainerTarget[]> {
  const rows = selectedRows(args);
  const targets = new ResourceIdMap<ContainerTarget>();
  for (const row of rows) {
    if (row instanceof ContainerGroupNode) {
      const group = await knownGroup(row.summary.id, services.inventory);
      group.containers
        .filter(words.offer.isOffered)
        .forEach((container) => targets.set(container.id, { group, container }));
    } else {
      const [target] = await selectContainers([row], words, services);
      if (target !== undefined) {
        targets.set(target.container.id, target);
      }
    }
  }
  return rows.length === 0 ? selectContainers([], words, services) : targets.values();
}

/** VS Code passes the row of the menu, then all selected ones if there are several. */
export function selectedRows([row, selection]: readonly unknown[]): readonly unknown[] {
  if (Array.isArray(selection) && selection.length > 1) {
    return selection;
  }
  return row === undefined ? [] : [row];
}

async function selectContainer(
  row: unknown,
  words: TargetWords,
  { inventory, recent, log }: TargetServices,
): Promise<ContainerTarget | undefined> {
  if (row instanceof ContainerNode) {
    return { group: row.group, container: row.container };
  }
  if (row instanceof ContainerGroupNode) {
    const group = await knownGroup(row.summary.id, inventory);
    const container = await pickContainerOfGroup(group, words.titleIn(group.name));
    return container === undefined ? undefined : { group, container };
  }
  if (row === undefined) {
    return pickContainer(words.title, words.offer, inventory, recent, log);
  }
  listHasChanged();
  return undefined;
}

/**
 * The container groups that a command acts on, as they are known: those of its rows, for a container's row its group.
 * Without a row the user picks among those that are offered.
 */
export async function selectGroups(
  args: readonly unknown[],
  words: { readonly title: string; readonly offer: GroupOffer },
  { inventory, log }: Pick<TargetServices, 'inventory' | 'log'>,
): Promise<readonly ContainerGroup[]> {
  const rows = selectedRows(args);
  if (rows.length === 0) {
    const picked = await pickGroup(words.title, words.offer, inventory, log);
    return picked === undefined ? [] : [picked];
  }
  const groups = new ResourceIdMap<ContainerGroup>();
  for (const row of rows) {
    if (row instanceof ContainerNode) {
      groups.set(row.group.id, row.group);
    } else if (row instanceof ContainerGroupNode) {
      groups.set(row.summary.id, await knownGroup(row.summary.id, inventory));
    } else {
      listHasChanged();
      return [];
    }
  }
  return groups.values();
}

function knownGroup(id: string, inventory: Inventory): Promise<ContainerGroup> {
  const known = inventory.known(id);
  return known === undefined
    ? withViewProgress((signal) => inventory.containerGroup(id, signal))
    : Promise.resolve(known);
}

/** VS Code passes no row while the tree is being redrawn; guessing another one would be worse. */
function listHasChanged(): void {
  showInformation(vscode.l10n.t('The list has just changed. Try again.'));
}

/** Shows the view's progress bar until the work is done. */
export function withViewProgress<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return Promise.resolve(
    vscode.window.withProgress(
      { location: { viewId: 'containerInstances.groups' }, cancellable: true },
      (_progress, token) => withSignal(token, work),
    ),
  );
}
