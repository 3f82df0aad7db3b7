import type { AzureClient, Discovery, SignIn } from '../azure/azureClient.ts';
import type { ContainerGroupSummary } from '../azure/containerGroups.ts';
import { AzureError, toAzureError, type AzureProblem, type Failure } from '../azure/errors.ts';
import { PageGuard, resourceGraphLimit } from '../azure/pages.ts';
import { ResourceIdMap } from '../azure/resourceIds.ts';
import type { Subscription } from '../azure/resourceManager/subscriptionOperations.ts';
import { delay } from '../base/delay.ts';
import { isCancellation } from '../base/cancellation.ts';

/** Where lists come from. */
export type ListingSource = Pick<AzureClient, 'discover' | 'clientFor'>;

/** An account or tenant that gave no subscriptions. */
export interface FailedSignIn extends Failure {
  readonly signIn: SignIn;
  /** It is the list of the account's other tenants that failed. */
  readonly tenantsUnknown: boolean;
}

/** Something that a listing has found out. */
export type ListingEvent =
  | {
      readonly kind: 'subscriptions';
      readonly signIn: SignIn;
      readonly subscriptions: readonly Subscription[];
    }
  /** Every account and tenant has answered or failed. */
  | {
      readonly kind: 'discovered';
      readonly subscriptionIds: readonly string[];
      readonly failedSignIns: readonly FailedSignIn[];
    }
  /** `complete` is false where more pages follow. */
  | { readonly kind: 'groups'; readonly lists: readonly GroupList[]; readonly complete: boolean }
  /** The listing of these subscriptions waits, or where `complete`, has failed. */
  | {
      readonly kind: 'failure';
      readonly subscriptionIds: readonly string[];
      readonly failure: Failure;
      readonly complete: boolean;
    }
  /** The listing of these subscriptions waits no longer. */
  | { readonly kind: 'resumed'; readonly subscriptionIds: readonly string[] }
  /** Resource Graph is left aside: each subscription is listed by itself. */
  | { readonly kind: 'fallback'; readonly error: unknown };

interface GroupList {
  readonly subscriptionId: string;
  readonly groups: readonly ContainerGroupSummary[];
}

/** What of all that the accounts reach is listed. */
export interface ListingScope {
  /** The tenants to ask besides each account's own. */
  readonly includesTenant: (signIn: SignIn) => boolean;
  /** The subscriptions whose container groups are listed. */
  readonly includesSubscription: (subscription: Subscription) => boolean;
}

/** How many queries share many subscriptions, as the pages of one query come one after the other. */
const parallelQueries = 4;

/** How many subscriptions are asked for by one query alone. */
const fewSubscriptions = 100;

/** The longest wait for a service that is throttled, in seconds; one that asks for more has failed. */
const longestWaitSeconds = 30;

/** The wait for a throttled service that does not say how long, in seconds. */
const usualWaitSeconds = 5;

/** How often one request of a listing waits. */
const mostWaits = 5;

type Throttled = Extract<AzureProblem, { kind: 'throttled' }>;

type Client = Extract<Discovery, { kind: 'subscriptions' }>['client'];

/** One listing of subscriptions and their container groups. Once its signal is aborted it reports nothing more. */
export class Listing {
  private readonly source: ListingSource;
  private readonly signal: AbortSignal;
  private readonly onEvent: (event: ListingEvent) => void;

  constructor(source: ListingSource, signal: AbortSignal, onEvent: (event: ListingEvent) => void) {
    this.source = source;
    this.signal = signal;
    this.onEvent = onEvent;
  }

  /**
   * Lists everything in the scope; what fails for one account, tenant or subscription is reported beside the rest.
   * @throws only when cancelled.
   */
  async listAll({ includesTenant, includesSubscription }: ListingScope): Promise<void> {
    const listings: Promise<void>[] = [];
    const found: string[] = [];
    const failures: FailedSignIn[] = [];
    await this.source.discover(
      (item) => {
        if (item.kind === 'failed') {
          const { signIn, error, tenantsUnknown = false } = item;
          failures.push({ signIn, problem: error.problem, at: Date.now(), tenantsUnknown });
          return;
        }
        const { signIn, subscriptions, client } = item;
        found.push(...subscriptions.map(({ subscriptionId }) => subscriptionId));
        this.report({ kind: 'subscriptions', signIn, subscriptions });
        const listed = subscriptions.filter(includesSubscription).map(({ subscriptionId }) => subscriptionId);
        listings.push(...inParts(listed).map((ids) => this.listPart(client, ids)));
      },
      this.signal,
      includesTenant,
    );
    const failedSignIns = failures.filter((failure) => !followsFrom(failure, failures));
    this.report({ kind: 'discovered', subscriptionIds: found, failedSignIns });
    await Promise.all(listings);
    this.signal.throwIfAborted();
  }

  /** Lists one subscription, from Resource Manager itself: Resource Graph may be minutes behind. */
  async listOne(subscriptionId: string): Promise<void> {
    try {
      const groups = await this.retryThrottled([subscriptionId], async () => {
        const { containerGroups } = await this.source.clientFor(subscriptionId, this.signal);
        return containerGroups.list(subscriptionId, this.signal);
      });
      this.report({ kind: 'groups', lists: [{ subscriptionId, groups }], complete: true });
    } catch (error) {
      if (!isCancellation(error)) {
        const failure = { problem: toAzureError(error).problem, at: Date.now() };
        this.report({ kind: 'failure', subscriptionIds: [subscriptionId], failure, complete: true });
      }
    }
  }

  /** It never rejects: failures are reported. */
  private async listPart(client: Client, subscriptionIds: readonly string[]): Promise<void> {
    try {
      await this.query(client, subscriptionIds);
    } catch (error) {
      if (!this.signal.aborted) {
        this.report({ kind: 'fallback', error });
        await Promise.all(subscriptionIds.map((id) => this.listOne(id)));
      }
    }
  }

  private async query({ containerGroups }: Client, ids: readonly string[]): Promise<void> {
    const lists = new GroupLists(ids);
    const guard = new PageGuard();
    let skipToken: string | undefined;
    do {
      const page = await this.retryThrottled(ids, () => containerGroups.query(ids, skipToken, this.signal));
      const grown = lists.add(page.groups);
      skipToken = page.skipToken;
      if (skipToken === undefined) {
        this.report({ kind: 'groups', lists: lists.all(), complete: true });
      } else {
        this.report({ kind: 'groups', lists: grown, complete: false });
        guard.next(skipToken, page.groups.length);
        if (page.pauseMs > 0) {
          await this.wait(ids, { kind: 'throttled', retryAfterSeconds: Math.ceil(page.pauseMs / 1000) });
        }
      }
    } while (skipToken !== undefined);
  }

  /** Waits as long as Azure asks for, then tries again. */
  private async retryThrottled<T>(ids: readonly string[], ask: () => Promise<T>): Promise<T> {
    for (let waits = 1; ; waits++) {
      try {
        return await ask();
      } catch (error) {
        const problem = error instanceof AzureError ? error.problem : undefined;
        if (problem?.kind !== 'throttled' || waits > mostWaits) {
          throw error;
        }
        await this.wait(ids, problem);
      }
    }
  }

  /** Waits, and reports so. @throws {AzureError} at once where that would take too long. */
  private async wait(ids: readonly string[], problem: Throttled): Promise<void> {
    const { retryAfterSeconds: seconds = usualWaitSeconds } = problem;
    if (seconds > longestWaitSeconds) {
      throw new AzureError(problem);
    }
    const failure = { problem, at: Date.now() };
    this.report({ kind: 'failure', subscriptionIds: ids, failure, complete: false });
    await delay(seconds * 1000, this.signal);
    this.report({ kind: 'resumed', subscriptionIds: ids });
  }

  /** The one place where a listing of a former account or cloud ends. */
  private report(event: ListingEvent): void {
    if (!this.signal.aborted) {
      this.onEvent(event);
    }
  }
}

/** The container groups of some subscriptions, as the pages of one query bring them. */
class GroupLists {
  private readonly lists: ResourceIdMap<{
    readonly subscriptionId: string;
    readonly groups: ResourceIdMap<ContainerGroupSummary>;
  }>;

  constructor(subscriptionIds: readonly string[]) {
    this.lists = new ResourceIdMap(
      subscriptionIds.map((id) => [id, { subscriptionId: id, groups: new ResourceIdMap() }]),
    );
  }

  /** Adds a page, whose groups may have been on another one. Returns the lists that have changed. */
  add(page: readonly ContainerGroupSummary[]): readonly GroupList[] {
    const changed = new ResourceIdMap<true>();
    for (const group of page) {
      this.lists.get(group.subscriptionId)?.groups.set(group.id, group);
      changed.set(group.subscriptionId, true);
    }
    return this.copies(({ subscriptionId }) => changed.has(subscriptionId));
  }

  all(): readonly GroupList[] {
    return this.copies(() => true);
  }

  private copies(isWanted: (list: { readonly subscriptionId: string }) => boolean): readonly GroupList[] {
    return this.lists
      .values()
      .filter(isWanted)
      .map(({ subscriptionId, groups }) => ({ subscriptionId, groups: groups.values() }));
  }
}

/** Whether an account's tenants are unknown only because the account itself got no answer. */
function followsFrom(failure: FailedSignIn, all: readonly FailedSignIn[]): boolean {
  return (
    failure.tenantsUnknown &&
    all.some(({ signIn, tenantsUnknown }) => !tenantsUnknown && signIn.account === failure.signIn.account)
  );
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
