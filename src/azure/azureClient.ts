import { isCancellation } from '../base/cancellation.ts';
import type { Cloud } from './clouds.ts';
import type { Account } from './credentials.ts';
import { AzureError, toAzureError } from './errors.ts';
import { isSameId, ResourceIdMap } from './resourceIds.ts';
import { ResourceManagerClient } from './resourceManager/client.ts';
import { RequestLimits, type RequestOptions } from './resourceManager/requests.ts';
import type { Subscription, Tenant } from './resourceManager/subscriptionOperations.ts';

/** What an account is in one tenant; `tenant` is undefined for its own. */
export interface SignIn {
  readonly account: Account;
  readonly tenant: Tenant | undefined;
}

/** What an account is in a tenant that is not its own. */
export interface TenantSignIn extends SignIn {
  readonly tenant: Tenant;
}

/** What comes of asking one sign-in for its subscriptions. */
export type Discovery =
  | {
      readonly kind: 'subscriptions';
      readonly signIn: SignIn;
      readonly subscriptions: readonly Subscription[];
      readonly client: Pick<ResourceManagerClient, 'containerGroups'>;
    }
  | {
      readonly kind: 'failed';
      readonly signIn: SignIn;
      readonly error: AzureError;
      /** The account's other tenants could not be listed, so they were not asked. */
      readonly tenantsUnknown?: true;
    };

/** All that some accounts reach in one cloud: each subscription is asked as the account and tenant that list it. */
export class AzureClient {
  readonly cloud: Cloud;
  readonly accounts: readonly Account[];
  private readonly options: RequestOptions;
  /** By account and tenant. */
  private readonly clients = new Map<string, Promise<ResourceManagerClient>>();
  /** By subscription. */
  private readonly routes = new ResourceIdMap<ResourceManagerClient>();

  constructor(cloud: Cloud, accounts: readonly Account[], options: RequestOptions = {}) {
    this.cloud = cloud;
    this.accounts = accounts;
    this.options = { limits: new RequestLimits(), ...options };
  }

  /**
   * Asks every account in every one of its tenants for subscriptions and passes each answer on as it arrives. A
   * subscription that several can see is passed on once. `isAsked` says which tenants are asked.
   * @throws only when cancelled: an account or tenant that fails is passed on too.
   */
  async discover(
    onDiscovery: (item: Discovery) => void,
    signal: AbortSignal,
    isAsked: (signIn: SignIn) => boolean = () => true,
  ): Promise<void> {
    const seen = new ResourceIdMap<true>();
    const ask = async (signIn: SignIn) => {
      try {
        const client = await this.client(signIn);
        const all = await client.subscriptions.list(signal);
        const subscriptions = all.filter(({ subscriptionId }) => !seen.has(subscriptionId));
        for (const { subscriptionId } of subscriptions) {
          seen.set(subscriptionId, true);
          this.routes.set(subscriptionId, client);
        }
        onDiscovery({ kind: 'subscriptions', signIn, subscriptions, client });
      } catch (error) {
        if (isCancellation(error)) {
          throw error;
        }
        onDiscovery({ kind: 'failed', signIn, error: withCredential(toAzureError(error), signIn) });
      }
    };
    await Promise.all(
      this.accounts.map(async (account) => {
        const own = { account, tenant: undefined };
        const [tenants] = await Promise.all([this.otherTenants(account, signal), ask(own)]);
        if (tenants instanceof AzureError) {
          onDiscovery({
            kind: 'failed',
            signIn: own,
            error: withCredential(tenants, own),
            tenantsUnknown: true,
          });
        } else {
          const signIns = tenants.map((tenant) => ({ account, tenant }));
          await Promise.all(signIns.filter(isAsked).map(ask));
        }
      }),
    );
  }

  /**
   * Who can ask about a subscription; where nobody knows yet, everybody is asked for theirs first.
   * @throws {AzureError} when nobody sees it.
   */
  async clientFor(subscriptionId: string, signal: AbortSignal): Promise<ResourceManagerClient> {
    const known = this.routes.get(subscriptionId);
    if (known !== undefined) {
      return known;
    }
    const [only, ...others] = this.accounts;
    if (only !== undefined && others.length === 0 && !only.manyTenants) {
      return this.client({ account: only, tenant: undefined });
    }
    await this.discover(() => undefined, signal);
    const found = this.routes.get(subscriptionId);
    if (found === undefined) {
      throw new AzureError({ kind: 'notFound', detail: `subscription ${subscriptionId}` });
    }
    return found;
  }

  /**
   * The tenants that each account belongs to besides its own.
   * @throws {AzureError} when those of an account cannot be listed.
   */
  async listOtherTenants(signal: AbortSignal): Promise<readonly TenantSignIn[]> {
    const lists = await Promise.all(
      this.accounts.map(async (account) => {
        const tenants = await this.otherTenants(account, signal);
        if (tenants instanceof AzureError) {
          throw withCredential(tenants, { account, tenant: undefined });
        }
        return tenants.map((tenant) => ({ account, tenant }));
      }),
    );
    return lists.flat();
  }

  /** The tenants of an account besides its own, or why they are not known. */
  private async otherTenants(account: Account, signal: AbortSignal): Promise<readonly Tenant[] | AzureError> {
    if (!account.manyTenants) {
      return [];
    }
    try {
      const { subscriptions } = await this.client({ account, tenant: undefined });
      const [tenants, own] = await Promise.all([
        subscriptions.listTenants(signal),
        subscriptions.ownTenantId(),
      ]);
      return tenants.filter(({ tenantId }) => own === undefined || !isSameId(tenantId, own));
    } catch (error) {
      if (isCancellation(error)) {
        throw error;
      }
      return toAzureError(error);
    }
  }

  private client({ account, tenant }: SignIn): Promise<ResourceManagerClient> {
    const id = JSON.stringify([account.id, tenant?.tenantId]);
    const known = this.clients.get(id);
    if (known !== undefined) {
      return known;
    }
    const client = account
      .credential(tenant?.tenantId)
      .then((credential) => new ResourceManagerClient(this.cloud, credential, this.options));
    this.clients.set(id, client);
    client.catch(() => this.clients.delete(id)); // who asked is told; the next one tries again
    return client;
  }
}

/** Azure does not know which of our credentials it refuses. */
function withCredential(error: AzureError, { account, tenant }: SignIn): AzureError {
  const { problem } = error;
  return problem.kind === 'credential' && problem.credential === undefined
    ? new AzureError(
        {
          ...problem,
          credential: account.kind,
          ...(tenant === undefined ? {} : { tenantId: tenant.tenantId }),
        },
        { cause: error },
      )
    : error;
}
