import type { Cloud } from './clouds.ts';
import type { ContainerGroup, ContainerGroupSummary } from './containerGroups.ts';
import type { Account } from './credentials.ts';
import { AzureError, isCancellation, toAzureError } from './errors.ts';
import { requireContainerGroupId } from './resourceIds.ts';
import {
  ResourceManager,
  type ExecEndpoint,
  type Subscription,
  type Tenant,
  type TerminalDimensions,
} from './resourceManager.ts';
import { Slots } from './slots.ts';

/** What an account is in one tenant; `tenant` is undefined for its own. */
export interface SignIn {
  readonly account: Account;
  readonly tenant: Tenant | undefined;
}

/** What comes of asking one sign-in for its subscriptions. */
export type Discovery =
  | {
      readonly kind: 'subscriptions';
      readonly signIn: SignIn;
      readonly subscriptions: readonly Subscription[];
      readonly manager: Pick<ResourceManager, 'queryContainerGroups'>;
    }
  | {
      readonly kind: 'failed';
      readonly signIn: SignIn;
      readonly error: AzureError;
      /** The account's other tenants could not be listed, so they were not asked. */
      readonly tenantsUnknown?: true;
    };

/** How many tenants are asked at a time. */
const parallelTenants = 4;

/** All that some accounts reach in one cloud: each subscription is asked as the account and tenant that list it. */
export class Azure {
  readonly cloud: Cloud;
  readonly accounts: readonly Account[];
  private readonly timeoutSeconds: number | undefined;
  private readonly managers = new Map<string, Promise<ResourceManager>>();
  private readonly routes = new Map<string, ResourceManager>();

  /** `timeoutSeconds` limits each request; the usual limit without it. */
  constructor(cloud: Cloud, accounts: readonly Account[], timeoutSeconds?: number) {
    this.cloud = cloud;
    this.accounts = accounts;
    this.timeoutSeconds = timeoutSeconds;
  }

  /**
   * Asks every account in every one of its tenants for subscriptions and tells each answer as it arrives. A
   * subscription that several can see is told once.
   * @throws {AzureError} never: an account or tenant that fails is told too. Rejects only when cancelled.
   */
  async discover(tell: (item: Discovery) => void, signal: AbortSignal): Promise<void> {
    const slots = new Slots(parallelTenants);
    const told = new Set<string>();
    const ask = (signIn: SignIn) =>
      slots.run(signal, async () => {
        try {
          const manager = await this.manager(signIn);
          const all = await manager.listSubscriptions(signal);
          const subscriptions = all.filter(({ subscriptionId }) => !told.has(key(subscriptionId)));
          for (const { subscriptionId } of subscriptions) {
            told.add(key(subscriptionId));
            this.routes.set(key(subscriptionId), manager);
          }
          tell({ kind: 'subscriptions', signIn, subscriptions, manager });
        } catch (error) {
          if (isCancellation(error)) {
            throw error;
          }
          tell({ kind: 'failed', signIn, error: named(toAzureError(error), signIn) });
        }
      });
    await Promise.all(
      this.accounts.map(async (account) => {
        const own = { account, tenant: undefined };
        const [tenants] = await Promise.all([this.otherTenants(account, signal), ask(own)]);
        if (tenants instanceof AzureError) {
          tell({ kind: 'failed', signIn: own, error: named(tenants, own), tenantsUnknown: true });
        } else {
          await Promise.all(tenants.map((tenant) => ask({ account, tenant })));
        }
      }),
    );
  }

  async listContainerGroups(
    subscriptionId: string,
    signal: AbortSignal,
  ): Promise<readonly ContainerGroupSummary[]> {
    return (await this.managerOf(subscriptionId, signal)).listContainerGroups(subscriptionId, signal);
  }

  /** One container group with its instance view. */
  async getContainerGroup(id: string, signal: AbortSignal): Promise<ContainerGroup> {
    return (await this.managerOf(requireContainerGroupId(id).subscriptionId, signal)).getContainerGroup(
      id,
      signal,
    );
  }

  /** As {@link ResourceManager.executeCommand}. */
  async executeCommand(
    groupId: string,
    container: string,
    command: string,
    size: TerminalDimensions,
    signal: AbortSignal,
    timeoutSeconds?: number,
  ): Promise<ExecEndpoint> {
    const manager = await this.managerOf(requireContainerGroupId(groupId).subscriptionId, signal);
    return manager.executeCommand(groupId, container, command, size, signal, timeoutSeconds);
  }

  /** The tenants of an account besides its own, or why they are not known. */
  private async otherTenants(account: Account, signal: AbortSignal): Promise<readonly Tenant[] | AzureError> {
    if (!account.manyTenants) {
      return [];
    }
    try {
      const manager = await this.manager({ account, tenant: undefined });
      const [tenants, own] = await Promise.all([manager.listTenants(signal), manager.tenantId()]);
      return tenants.filter(({ tenantId }) => tenantId !== own);
    } catch (error) {
      if (isCancellation(error)) {
        throw error;
      }
      return toAzureError(error);
    }
  }

  private async managerOf(subscriptionId: string, signal: AbortSignal): Promise<ResourceManager> {
    const known = this.routes.get(key(subscriptionId));
    if (known !== undefined) {
      return known;
    }
    const [only, ...others] = this.accounts;
    if (only !== undefined && others.length === 0 && !only.manyTenants) {
      return this.manager({ account: only, tenant: undefined });
    }
    await this.discover(() => undefined, signal);
    const found = this.routes.get(key(subscriptionId));
    if (found === undefined) {
      throw new AzureError({ kind: 'notFound', detail: `subscription ${subscriptionId}` });
    }
    return found;
  }

  private manager({ account, tenant }: SignIn): Promise<ResourceManager> {
    const id = JSON.stringify([account.id, tenant?.tenantId]);
    const known = this.managers.get(id);
    if (known !== undefined) {
      return known;
    }
    const manager = account
      .credential(tenant?.tenantId)
      .then((credential) => new ResourceManager(this.cloud, credential, this.timeoutSeconds));
    this.managers.set(id, manager);
    manager.catch(() => this.managers.delete(id)); // who asked is told; the next one tries again
    return manager;
  }
}

/** Azure does not know which of our credentials it refuses. */
function named(error: AzureError, { account, tenant }: SignIn): AzureError {
  const { problem } = error;
  return problem.kind === 'credential' && problem.credential === undefined
    ? new AzureError({
        ...problem,
        credential: account.kind,
        ...(tenant === undefined ? {} : { tenantId: tenant.tenantId }),
      })
    : error;
}

/** Azure compares subscription ids without regard to case. */
function key(subscriptionId: string): string {
  return subscriptionId.toLowerCase();
}
