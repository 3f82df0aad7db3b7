import type { ContainerGroupSummary } from '../azure/containerGroups.ts';
import { ResourceIdMap } from '../azure/resourceIds.ts';
import type { SubscriptionEntry } from './inventory.ts';

export type GroupBy = 'subscription' | 'resourceGroup' | 'location';
export type SortBy = 'name' | 'resourceGroup' | 'location';

/** How container groups are arranged in the view. */
export interface Arrangement {
  readonly groupBy: GroupBy;
  readonly sortBy: SortBy;
  /** A part of a name, resource group, location or subscription; everything matches an empty one. */
  readonly filter: string;
  readonly hideEmpty: boolean;
}

/** A row with container groups below it. */
export interface Branch {
  readonly id: string;
  readonly kind: GroupBy;
  readonly label: string;
  /** The subscription, when grouped by subscriptions. */
  readonly entry: SubscriptionEntry | undefined;
  readonly groups: readonly ContainerGroupSummary[];
}

/** Sorts numbers in names by their value; far quicker than `localeCompare` on long lists. */
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Arranges what is known into branches. A subscription that failed, or still lists, is there without groups too. */
export function arrange(entries: readonly SubscriptionEntry[], arrangement: Arrangement): readonly Branch[] {
  return arrangement.groupBy === 'subscription'
    ? bySubscription(entries, arrangement)
    : byProperty(entries, arrangement, arrangement.groupBy);
}

function bySubscription(entries: readonly SubscriptionEntry[], arrangement: Arrangement): readonly Branch[] {
  const branches = entries.flatMap((entry) => {
    const groups = matching(entry, arrangement);
    const isShown =
      groups.length > 0 ||
      entry.failure !== undefined ||
      (!arrangement.hideEmpty && arrangement.filter === '');
    const { subscriptionId, displayName } = entry.subscription;
    return isShown
      ? [
          {
            id: `/subscriptions/${subscriptionId}`,
            kind: 'subscription' as const,
            label: displayName,
            entry,
            groups,
          },
        ]
      : [];
  });
  return branches.sort((a, b) => collator.compare(a.label, b.label));
}

function byProperty(
  entries: readonly SubscriptionEntry[],
  arrangement: Arrangement,
  property: 'resourceGroup' | 'location',
): readonly Branch[] {
  const branches = new ResourceIdMap<{ id: string; label: string; groups: ContainerGroupSummary[] }>();
  for (const group of entries.flatMap((entry) => matching(entry, arrangement))) {
    const label = group[property];
    // A resource group of the same name in another subscription is another one.
    const id =
      property === 'location' ? label : `/subscriptions/${group.subscriptionId}/resourceGroups/${label}`;
    const branch = branches.get(id) ?? { id: `${property}:${id}`, label, groups: [] };
    branch.groups.push(group);
    branches.set(id, branch);
  }
  return branches
    .values()
    .map(({ id, label, groups }) => ({
      id,
      kind: property,
      label,
      entry: undefined,
      groups: sorted(groups, arrangement.sortBy),
    }))
    .sort((a, b) => collator.compare(a.label, b.label) || collator.compare(a.id, b.id));
}

/** The groups of a subscription that the filter lets through, sorted. */
function matching(
  entry: SubscriptionEntry,
  { filter, sortBy }: Arrangement,
): readonly ContainerGroupSummary[] {
  const groups = sortedOnce(entry.groups, sortBy);
  const text = filter.trim().toLowerCase();
  if (text === '' || entry.subscription.displayName.toLowerCase().includes(text)) {
    return groups;
  }
  return groups.filter(({ name, resourceGroup, location }) =>
    [name, resourceGroup, location].some((value) => value.toLowerCase().includes(text)),
  );
}

const sortedLists = new WeakMap<
  readonly ContainerGroupSummary[],
  { readonly sortBy: SortBy; readonly groups: readonly ContainerGroupSummary[] }
>();

/** Sorts a list when it is new: the view is arranged often, a list changes seldom. */
function sortedOnce(
  groups: readonly ContainerGroupSummary[],
  sortBy: SortBy,
): readonly ContainerGroupSummary[] {
  const known = sortedLists.get(groups);
  if (known?.sortBy === sortBy) {
    return known.groups;
  }
  const result = sorted(groups, sortBy);
  sortedLists.set(groups, { sortBy, groups: result });
  return result;
}

function sorted(groups: readonly ContainerGroupSummary[], sortBy: SortBy): readonly ContainerGroupSummary[] {
  return groups.toSorted(
    (a, b) =>
      collator.compare(a[sortBy], b[sortBy]) ||
      collator.compare(a.name, b.name) ||
      collator.compare(a.resourceGroup, b.resourceGroup),
  );
}
