import type { ContainerGroup, ContainerGroupSummary } from './containerGroups.ts';
import type { ResourceManager, Subscription } from './resourceManager.ts';

/** Where the inventory comes from. */
export type InventorySource = Pick<
  ResourceManager,
  'listSubscriptions' | 'listContainerGroups' | 'getContainerGroup'
>;

/** How long an instance view is shown without asking again, in milliseconds. */
const instanceViewAgeMs = 10_000;

/** How many instance views are asked for at a time. */
const parallelGets = 4;

/** What is known of the account's containers, asked for when first needed and kept until a refresh. */
export class Inventory {
  private readonly azure: () => Promise<InventorySource>;
  private subscriptionList: readonly Subscription[] | undefined;
  private readonly groupLists = new Map<string, readonly ContainerGroupSummary[]>();
  private readonly groups = new Map<string, { readonly group: ContainerGroup; readonly at: number }>();
  private readonly slots = new Slots(parallelGets);
  /** Called with each instance view that arrives, whoever asked for it. */
  onGroup: (group: ContainerGroup) => void = () => undefined;

  constructor(azure: () => Promise<InventorySource>) {
    this.azure = azure;
  }

  /** Forgets the lists, so that the next call asks Azure; states stay known until a newer answer replaces them. */
  refresh(): void {
    this.subscriptionList = undefined;
    this.groupLists.clear();
    for (const [id, { group }] of this.groups) {
      this.groups.set(id, { group, at: 0 });
    }
  }

  /** Forgets everything: another account or cloud. */
  reset(): void {
    this.refresh();
    this.groups.clear();
  }

  async subscriptions(signal: AbortSignal): Promise<readonly Subscription[]> {
    this.subscriptionList ??= byName(
      await (await this.azure()).listSubscriptions(signal),
      (subscription) => subscription.displayName,
    );
    return this.subscriptionList;
  }

  async containerGroups(
    subscriptionId: string,
    signal: AbortSignal,
  ): Promise<readonly ContainerGroupSummary[]> {
    const known = this.groupLists.get(subscriptionId);
    if (known !== undefined) {
      return known;
    }
    const groups = await (await this.azure()).listContainerGroups(subscriptionId, signal);
    const sorted = byName(groups, (group) => `${group.name} ${group.resourceGroup}`);
    this.groupLists.set(subscriptionId, sorted);
    return sorted;
  }

  /** The last instance view seen, however old. */
  known(groupId: string): ContainerGroup | undefined {
    return this.groups.get(groupId)?.group;
  }

  /** A container group with its instance view, at most seconds old. */
  async containerGroup(groupId: string, signal: AbortSignal): Promise<ContainerGroup> {
    return this.slots.run(signal, async () => {
      const known = this.groups.get(groupId);
      return known !== undefined && Date.now() - known.at < instanceViewAgeMs
        ? known.group
        : this.freshContainerGroup(groupId, signal);
    });
  }

  /** A container group with its instance view as it is now. */
  async freshContainerGroup(groupId: string, signal: AbortSignal): Promise<ContainerGroup> {
    const group = await (await this.azure()).getContainerGroup(groupId, signal);
    this.groups.set(groupId, { group, at: Date.now() });
    this.onGroup(group);
    return group;
  }
}

function byName<T>(items: readonly T[], name: (item: T) => string): readonly T[] {
  return items.toSorted((a, b) => name(a).localeCompare(name(b), undefined, { numeric: true }));
}

/** Lets a few run at a time, the rest in order of asking. */
class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.free > 0) {
      this.free--;
    } else {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) {
        this.free++;
      } else {
        next();
      }
    }
  }
}
