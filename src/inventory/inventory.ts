import type { SignIn } from '../azure/azureClient.ts';
import type { ContainerGroup, ContainerGroupSummary } from '../azure/containerGroups.ts';
import { AzureError, type Failure } from '../azure/errors.ts';
import { isSameId, ResourceIdMap, subscriptionOf } from '../azure/resourceIds.ts';
import type { Subscription } from '../azure/resourceManager/subscriptionOperations.ts';
import { Emitter } from '../base/emitter.ts';
import { InstanceViews } from './instanceViews.ts';
import { Operations } from './operations.ts';
import {
  Listing,
  type FailedSignIn,
  type ListingEvent,
  type ListingScope,
  type ListingSource,
} from './listing.ts';

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

const everything: ListingScope = { includesTenant: () => true, includesSubscription: () => true };

/** What is known of the container groups of all subscriptions in scope. It keeps what it knows until it knows better. */
export class Inventory {
  private readonly source: () => Promise<ListingSource>;
  private readonly scope: ListingScope;
  private readonly entries = new ResourceIdMap<SubscriptionEntry>();
  private readonly views: InstanceViews;
  /** What is being done to container groups. */
  readonly operations: Operations;
  private readonly changed = new Emitter<void>();
  private readonly groupChanged = new Emitter<string>();
  private readonly groupForgotten = new Emitter<string>();
  private readonly fellBack = new Emitter<unknown>();
  private readonly wasReset = new Emitter<void>();
  private failures: readonly FailedSignIn[] = [];
  /** Of the listings that are under way: each of them ends with it. */
  private controller = new AbortController();
  private loading: Promise<void> | undefined;
  private loaded = false;
  private loadError: unknown;

  /** After each change of subscriptions, lists and failures. */
  readonly onDidChange = this.changed.event;
  /** With the id of a container group of which something new is known. */
  readonly onDidChangeGroup = this.groupChanged.event;
  /** With the id of a container group that is no longer there: nothing needs to be kept for it. */
  readonly onDidForgetGroup = this.groupForgotten.event;
  /** With the error for which Resource Graph is left aside. */
  readonly onDidFallBack = this.fellBack.event;
  /** Everything is forgotten. */
  readonly onDidReset = this.wasReset.event;

  constructor(source: () => Promise<ListingSource>, scope: ListingScope = everything) {
    this.source = source;
    this.scope = scope;
    const operationsFor = async (id: string, signal: AbortSignal) => {
      const client = await (await this.source()).clientFor(subscriptionOf(id), signal);
      return client.containerGroups;
    };
    this.views = new InstanceViews(async (id, signal) => (await operationsFor(id, signal)).get(id, signal));
    this.views.onDidChange((id) => this.viewChanged(id));
    this.operations = new Operations({
      operate: async (verb, id, signal, onPhase) =>
        (await operationsFor(id, signal)).operate(verb, id, signal, onPhase),
      look: (id, signal) => this.look(id, signal),
    });
    this.operations.onDidChange((id) => this.groupChanged.fire(id));
  }

  /** The subscriptions in scope that were found so far. */
  subscriptions(): readonly SubscriptionEntry[] {
    return this.entries.values().filter(({ subscription }) => this.scope.includesSubscription(subscription));
  }

  /** All subscriptions found so far, to choose from. */
  allSubscriptions(): readonly SubscriptionEntry[] {
    return this.entries.values();
  }

  /** The name of a subscription that was found so far. */
  subscriptionName(subscriptionId: string): string | undefined {
    return this.entries.get(subscriptionId)?.subscription.displayName;
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

  /**
   * Lists everything once; further calls wait for the same answer. Parts are known as they arrive.
   * @throws {AzureError | CloudSettingError} when nobody can be asked; what fails for one account, tenant or
   * subscription is kept beside it instead.
   */
  load(): Promise<void> {
    return this.loaded ? Promise.resolve() : (this.loading ?? this.start());
  }

  /** Lists everything again; what is known stays until the answer is there. */
  refresh(): Promise<void> {
    this.views.refresh();
    return this.start();
  }

  /** Lists some subscriptions again, from Resource Manager itself: Resource Graph may be minutes behind. */
  async refreshSubscriptions(subscriptionIds: readonly string[]): Promise<void> {
    const { signal } = this.controller;
    const concerned = new ResourceIdMap(subscriptionIds.map((id) => [id, true]));
    this.views.refresh((groupId) => concerned.has(subscriptionOf(groupId)));
    const listing = new Listing(await this.source(), signal, (event) => this.apply(event));
    await Promise.all(subscriptionIds.map((id) => listing.listOne(id)));
  }

  /** Asks for the instance view of a group again, if it is in view. */
  refreshGroup(groupId: string): void {
    this.views.refresh((id) => isSameId(id, groupId));
  }

  /** Forgets everything: another account or cloud. What is still on its way never arrives. */
  reset(): void {
    this.replaceController();
    this.loading = undefined;
    this.loaded = false;
    this.loadError = undefined;
    this.entries.clear();
    this.failures = [];
    this.views.reset();
    this.operations.reset();
    this.wasReset.fire();
  }

  /** Ends all requests; nothing is known or told any more. */
  dispose(): void {
    this.reset();
    this.operations.dispose();
    for (const emitter of [
      this.changed,
      this.groupChanged,
      this.groupForgotten,
      this.fellBack,
      this.wasReset,
    ]) {
      emitter.dispose();
    }
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
    const controller = this.replaceController();
    const isCurrent = () => this.controller === controller;
    const loading = this.list(controller.signal)
      .then(
        () => {
          if (isCurrent()) {
            this.loaded = true;
            this.loadError = undefined;
          }
        },
        (error: unknown) => {
          if (isCurrent()) {
            this.loadError = error;
          }
          throw error;
        },
      )
      .finally(() => {
        if (isCurrent()) {
          this.loading = undefined;
          this.changed.fire();
        }
      });
    this.loading = loading;
    this.changed.fire();
    return loading;
  }

  /** Ends every listing that is under way: one that nobody holds any more would outlive the account that it asks as. */
  private replaceController(): AbortController {
    this.controller.abort();
    this.controller = new AbortController();
    return this.controller;
  }

  private async list(signal: AbortSignal): Promise<void> {
    const source = await this.source();
    signal.throwIfAborted();
    await new Listing(source, signal, (event) => this.apply(event)).listAll(this.scope);
  }

  private apply(event: ListingEvent): void {
    switch (event.kind) {
      case 'subscriptions':
        for (const subscription of event.subscriptions) {
          this.found(subscription, event.signIn);
        }
        break;
      case 'discovered':
        this.failures = event.failedSignIns;
        this.forgetOthers(event.subscriptionIds);
        break;
      case 'groups':
        for (const { subscriptionId, groups } of event.lists) {
          this.listed(subscriptionId, groups, event.complete);
        }
        break;
      case 'failure':
        for (const id of event.subscriptionIds) {
          this.update(id, { failure: event.failure, ...(event.complete ? { complete: true } : {}) });
        }
        break;
      case 'resumed':
        for (const id of event.subscriptionIds) {
          this.update(id, { failure: undefined });
        }
        break;
      case 'fallback':
        this.fellBack.fire(event.error);
        break;
    }
    this.changed.fire();
  }

  private found(subscription: Subscription, signIn: SignIn): void {
    const known = this.entries.get(subscription.subscriptionId);
    this.entries.set(subscription.subscriptionId, {
      ...(known ?? { groups: [], complete: false, failure: undefined }),
      subscription,
      signIn,
    });
  }

  private listed(id: string, groups: readonly ContainerGroupSummary[], complete: boolean): void {
    const known = this.entries.get(id);
    if (complete) {
      this.update(id, { groups, complete: true, failure: undefined });
    } else if (known?.complete === false && known.groups.length < groups.length) {
      this.update(id, { groups });
    }
  }

  /** What was not found again is gone, except where nobody could be asked. */
  private forgetOthers(foundIds: readonly string[]): void {
    const found = new ResourceIdMap(foundIds.map((id) => [id, true]));
    for (const { subscription, signIn, groups } of this.entries.values()) {
      const unasked = this.failures.some(
        ({ signIn: failed, tenantsUnknown }) =>
          failed.account.id === signIn.account.id &&
          (tenantsUnknown
            ? signIn.tenant !== undefined
            : isSameId(failed.tenant?.tenantId ?? '', signIn.tenant?.tenantId ?? '')),
      );
      if (!found.has(subscription.subscriptionId) && !unasked) {
        this.entries.delete(subscription.subscriptionId);
        groups.forEach(({ id }) => this.forget(id));
      }
    }
  }

  private update(id: string, changes: Partial<SubscriptionEntry>): void {
    const known = this.entries.get(id);
    if (known !== undefined) {
      const groups = unlessSame(known.groups, changes.groups ?? known.groups);
      this.entries.set(id, { ...known, ...changes, groups });
      const left = new ResourceIdMap(groups.map((group) => [group.id, true]));
      known.groups.filter((group) => !left.has(group.id)).forEach((group) => this.forget(group.id));
    }
  }

  private forget(groupId: string): void {
    this.views.forget(groupId);
    this.groupForgotten.fire(groupId);
  }

  /** A group as it is now; one that Azure no longer has goes. */
  private async look(groupId: string, signal: AbortSignal): Promise<ContainerGroup> {
    try {
      return await this.views.fresh(groupId, signal);
    } catch (error) {
      if (error instanceof AzureError && error.problem.kind === 'notFound') {
        this.deleted(groupId);
      }
      throw error;
    }
  }

  private viewChanged(groupId: string): void {
    if (this.views.failure(groupId)?.problem.kind === 'notFound') {
      this.deleted(groupId);
    }
    this.groupChanged.fire(groupId);
  }

  private deleted(groupId: string): void {
    const id = subscriptionOf(groupId);
    const groups = this.entries.get(id)?.groups.filter((group) => !isSameId(group.id, groupId));
    if (groups !== undefined) {
      this.update(id, { groups });
      this.changed.fire();
    }
  }
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
