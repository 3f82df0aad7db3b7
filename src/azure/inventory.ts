import { setTimeout as delay } from 'node:timers/promises';
import type { Azure, Discovery, SignIn } from './azure.ts';
import type { ContainerGroup, ContainerGroupSummary } from './containerGroups.ts';
import { AzureError, isCancellation, toAzureError, type Failure } from './errors.ts';
import { InstanceViews } from './instanceViews.ts';
import { subscriptionOf } from './resourceIds.ts';
import { resourceGraphLimit, type Subscription } from './resourceManager.ts';
import { Slots } from './slots.ts';

/** Where the inventory comes from. */
export type InventorySource = Pick<Azure, 'discover' | 'listContainerGroups' | 'getContainerGroup'>;

/** A subscription and what is known of its container groups. */
export interface SubscriptionEntry {
  readonly subscription: Subscription;
  readonly signIn: SignIn;
  /** In no order. They stay while they are listed again, and when that fails. */
  readonly groups: readonly ContainerGroupSummary[];
  /** Whether the groups have been listed to the end. */
  readonly complete: boolean;
  /** Why the last listing failed, or waits. */
  readonly failure: Failure | undefined;
}

/** An account or tenant that told no subscriptions. */
export interface FailedSignIn extends Failure {
  readonly signIn: SignIn;
  /** It is the list of the account's other tenants that failed. */
  readonly tenantsUnknown: boolean;
}

/** Where Resource Graph gives no answer, so many subscriptions are listed at a time. */
const parallelLists = 6;

/** Many subscriptions are asked for by several queries at a time, as the pages of one come one after the other. */
const parallelQueries = 4;
const fewSubscriptions = 100;

/** A listing waits so long for a service that is throttled, in milliseconds, and so many times. */
const longestWaitMs = 30_000;
const mostWaits = 5;

type Manager = Extract<Discovery, { kind: 'subscriptions' }>['manager'];

/** What is known of the container groups of all chosen subscriptions. It keeps what it knows until it knows better. */
export class Inventory {
  private readonly azure: () => Promise<InventorySource>;
  private readonly isChosen: (subscription: Subscription) => boolean;
  private readonly entries = new Map<string, SubscriptionEntry>();
  private readonly views: InstanceViews;
  private readonly listeners = new Set<() => void>();
  private failures: readonly FailedSignIn[] = [];
  private controller = new AbortController();
  private loading: Promise<void> | undefined;
  private loaded = false;
  private loadError: unknown;
  /** Called with the error for which Resource Graph is left aside. */
  onFallback: (error: unknown) => void = () => undefined;
  /** Called with the id of a group of which something new is known. */
  onGroup: (groupId: string) => void = () => undefined;

  /** `isChosen` says into which subscriptions to look. */
  constructor(
    azure: () => Promise<InventorySource>,
    isChosen: (subscription: Subscription) => boolean = () => true,
  ) {
    this.azure = azure;
    this.isChosen = isChosen;
    this.views = new InstanceViews(async (id, signal) => (await this.azure()).getContainerGroup(id, signal));
    this.views.onChange = (id) => this.groupChanged(id);
  }

  /** The chosen subscriptions found so far. */
  subscriptions(): readonly SubscriptionEntry[] {
    return [...this.entries.values()].filter(({ subscription }) => this.isChosen(subscription));
  }

  /** All subscriptions found so far, to choose from. */
  allSubscriptions(): readonly SubscriptionEntry[] {
    return [...this.entries.values()];
  }

  failedSignIns(): readonly FailedSignIn[] {
    return this.failures;
  }

  /** Why nobody could be asked the last time; undefined when somebody was. */
  error(): unknown {
    return this.loadError;
  }

  isLoading(): boolean {
    return this.loading !== undefined;
  }

  /** Calls the listener after each change of subscriptions, lists and failures, until it is disposed. */
  onDidChange(listener: () => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  /**
   * Lists everything once; further calls wait for the same answer. Parts are known as they arrive.
   * @throws {AzureError | CloudSettingError} when nobody can be asked; what fails for one account, tenant or
   * subscription is told beside it instead.
   */
  load(): Promise<void> {
    return this.loaded ? Promise.resolve() : (this.loading ?? this.start());
  }

  /** Lists everything again; what is known stays until the answer is there. */
  refresh(): Promise<void> {
    this.controller.abort();
    this.views.refresh();
    return this.start();
  }

  /** Lists one subscription again, from Resource Manager itself: Resource Graph may be minutes behind. */
  async refreshSubscription(subscriptionId: string): Promise<void> {
    const { signal } = this.controller;
    const azure = await this.azure();
    this.views.refresh((id) => subscriptionOf(id) === subscriptionId.toLowerCase());
    await this.listOne(azure, subscriptionId, signal);
  }

  /** Asks for the instance view of a group again, if it is in view. */
  refreshGroup(groupId: string): void {
    this.views.refresh((id) => id.toLowerCase() === groupId.toLowerCase());
  }

  /** Forgets everything: another account or cloud. */
  reset(): void {
    this.controller.abort();
    this.loading = undefined;
    this.loaded = false;
    this.loadError = undefined;
    this.entries.clear();
    this.failures = [];
    this.views.reset();
  }

  /** The last instance view seen, however old. */
  known(groupId: string): ContainerGroup | undefined {
    return this.views.known(groupId);
  }

  /** Why the last request for a group's instance view failed, if it did. */
  groupFailure(groupId: string): Failure | undefined {
    return this.views.failure(groupId);
  }

  /** The groups that someone looks at now, most needed first: their instance views are kept up to date. */
  watch(groupIds: readonly string[]): void {
    this.views.show(groupIds);
  }

  /** A container group with its instance view, at most seconds old. */
  containerGroup(groupId: string, signal: AbortSignal): Promise<ContainerGroup> {
    return this.views.get(groupId, signal);
  }

  /** A container group with its instance view as it is now. */
  freshContainerGroup(groupId: string, signal: AbortSignal): Promise<ContainerGroup> {
    return this.views.fresh(groupId, signal);
  }

  private start(): Promise<void> {
    const controller = new AbortController();
    this.controller = controller;
    const loading = this.list(controller.signal)
      .then(
        () => {
          this.loaded = true;
          this.loadError = undefined;
        },
        (error: unknown) => {
          if (this.controller === controller) {
            this.loadError = error;
          }
          throw error;
        },
      )
      .finally(() => {
        if (this.controller === controller) {
          this.loading = undefined;
          this.changed();
        }
      });
    this.loading = loading;
    this.changed();
    return loading;
  }

  private async list(signal: AbortSignal): Promise<void> {
    const azure = await this.azure();
    const listings: Promise<void>[] = [];
    const found = new Set<string>();
    const failures: FailedSignIn[] = [];
    await azure.discover((item) => {
      if (item.kind === 'failed') {
        const { signIn, error, tenantsUnknown = false } = item;
        failures.push({ signIn, problem: error.problem, at: Date.now(), tenantsUnknown });
        return;
      }
      for (const subscription of item.subscriptions) {
        found.add(subscription.subscriptionId);
        this.update(subscription.subscriptionId, { subscription, signIn: item.signIn });
      }
      const chosen = item.subscriptions.filter(this.isChosen).map(({ subscriptionId }) => subscriptionId);
      listings.push(this.listAll(azure, item.manager, chosen, signal));
      this.changed();
    }, signal);
    signal.throwIfAborted();
    this.failures = failures.filter((failure) => !followsFrom(failure, failures));
    this.forgetOthers(found, failures);
    this.changed();
    await Promise.all(listings);
    signal.throwIfAborted();
  }

  /** What was not found again is gone, except where nobody could be asked. */
  private forgetOthers(found: ReadonlySet<string>, failures: readonly FailedSignIn[]): void {
    for (const [id, { signIn }] of this.entries) {
      const unasked = failures.some(
        ({ signIn: failed, tenantsUnknown }) =>
          failed.account.id === signIn.account.id &&
          (tenantsUnknown
            ? signIn.tenant !== undefined
            : failed.tenant?.tenantId === signIn.tenant?.tenantId),
      );
      if (!found.has(id) && !unasked) {
        this.entries.delete(id);
      }
    }
  }

  /** Lists the groups of an account's subscriptions in one tenant. It never rejects: failures are told beside them. */
  private async listAll(
    azure: InventorySource,
    manager: Manager,
    subscriptionIds: readonly string[],
    signal: AbortSignal,
  ): Promise<void> {
    const slots = new Slots(parallelLists);
    const listPart = async (ids: readonly string[]) => {
      try {
        await this.query(manager, ids, signal);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        this.onFallback(error);
        await Promise.all(
          ids.map((id) => slots.run(signal, () => this.listOne(azure, id, signal)).catch(ignoreCancellation)),
        );
      }
    };
    await Promise.all(inParts(subscriptionIds).map(listPart));
  }

  private async query(manager: Manager, ids: readonly string[], signal: AbortSignal): Promise<void> {
    const listed = new Map(
      ids.map((id) => [id.toLowerCase(), { id, groups: [] as ContainerGroupSummary[] }]),
    );
    let skipToken: string | undefined;
    do {
      const page = await this.patiently(ids, signal, () =>
        manager.queryContainerGroups(ids, skipToken, signal),
      );
      const grown = new Set<{ readonly id: string; readonly groups: ContainerGroupSummary[] }>();
      for (const group of page.groups) {
        const list = listed.get(group.subscriptionId.toLowerCase());
        if (list !== undefined) {
          list.groups.push(group);
          grown.add(list);
        }
      }
      skipToken = page.skipToken;
      for (const { id, groups } of skipToken === undefined ? listed.values() : grown) {
        const entry = this.entries.get(id);
        if (skipToken === undefined) {
          this.update(id, { groups, complete: true, failure: undefined });
        } else if (entry?.complete === false && entry.groups.length < groups.length) {
          this.update(id, { groups: [...groups] });
        }
      }
      this.changed();
      if (skipToken !== undefined && page.pauseMs > 0) {
        await delay(page.pauseMs, undefined, { signal });
      }
    } while (skipToken !== undefined);
  }

  private async listOne(azure: InventorySource, id: string, signal: AbortSignal): Promise<void> {
    try {
      const groups = await this.patiently([id], signal, () => azure.listContainerGroups(id, signal));
      this.update(id, { groups, complete: true, failure: undefined });
    } catch (error) {
      if (isCancellation(error)) {
        return;
      }
      this.update(id, { complete: true, failure: { problem: toAzureError(error).problem, at: Date.now() } });
    }
    this.changed();
  }

  /** Waits as long as Azure asks for, and says so beside the subscriptions, then tries again. */
  private async patiently<T>(ids: readonly string[], signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
    for (let waits = 1; ; waits++) {
      try {
        return await ask();
      } catch (error) {
        const problem = error instanceof AzureError ? error.problem : undefined;
        const waitMs = problem?.kind === 'throttled' ? (problem.retryAfterSeconds ?? 5) * 1000 : undefined;
        if (problem === undefined || waitMs === undefined || waitMs > longestWaitMs || waits > mostWaits) {
          throw error;
        }
        for (const id of ids) {
          this.update(id, { failure: { problem, at: Date.now() } });
        }
        this.changed();
        await delay(waitMs, undefined, { signal });
      }
    }
  }

  private update(
    id: string,
    news: Partial<SubscriptionEntry> & { readonly subscription?: Subscription },
  ): void {
    const known = this.entries.get(id);
    if (known !== undefined) {
      const groups = unlessSame(known.groups, news.groups ?? known.groups);
      this.entries.set(id, { ...known, ...news, groups });
    } else if (news.subscription !== undefined && news.signIn !== undefined) {
      const { subscription, signIn } = news;
      this.entries.set(id, { subscription, signIn, groups: [], complete: false, failure: undefined });
    }
  }

  private groupChanged(groupId: string): void {
    if (this.views.failure(groupId)?.problem.kind === 'notFound') {
      // Deleted since it was listed.
      for (const [id, { groups }] of this.entries) {
        if (id.toLowerCase() === subscriptionOf(groupId)) {
          this.update(id, { groups: groups.filter((group) => group.id !== groupId) });
          this.changed();
        }
      }
    }
    this.onGroup(groupId);
  }

  private changed(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }
}

/** Whether an account's tenants are unknown only because the account itself got no answer. */
function followsFrom(failure: FailedSignIn, all: readonly FailedSignIn[]): boolean {
  return (
    failure.tenantsUnknown &&
    all.some(({ signIn, tenantsUnknown }) => !tenantsUnknown && signIn.account === failure.signIn.account)
  );
}

/** The list as it is known already where it says the same: what is drawn or sorted from it stays. */
function unlessSame(
  known: readonly ContainerGroupSummary[],
  groups: readonly ContainerGroupSummary[],
): readonly ContainerGroupSummary[] {
  const same =
    known.length === groups.length &&
    known.every(({ id, location }, index) => groups[index]?.id === id && groups[index].location === location);
  return same ? known : groups;
}

/** The subscriptions of each query. */
function inParts(ids: readonly string[]): readonly (readonly string[])[] {
  const size =
    ids.length <= fewSubscriptions
      ? fewSubscriptions
      : Math.min(resourceGraphLimit, Math.ceil(ids.length / parallelQueries));
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, part) =>
    ids.slice(part * size, (part + 1) * size),
  );
}

function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) {
    throw error;
  }
}
