import { fieldOf, textOf } from '../../base/json.ts';
import { allItems } from '../pages.ts';
import { distinct } from '../resourceIds.ts';
import type { Requests } from './requests.ts';
import { inOwnTurn } from '../../base/ownTurn.ts';

export interface Subscription {
  readonly subscriptionId: string;
  readonly displayName: string;
  /** `Enabled`, `Disabled`, `Warned`, `PastDue`: a disabled one can still be read. */
  readonly state?: string | undefined;
}

export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
}

/** What the credential's account can reach. Every method throws {@link AzureError} or an AbortError. */
export class SubscriptionOperations {
  private readonly requests: Requests;

  constructor(requests: Requests) {
    this.requests = requests;
  }

  /** The subscriptions that the credential sees in its own tenant. */
  list(signal: AbortSignal): Promise<readonly Subscription[]> {
    return this.requests.list('Microsoft.Resources/subscriptions/read', signal, async (abortSignal) => {
      const client = await this.client();
      const items = await allItems(client.subscriptions.list({ abortSignal }));
      const subscriptions = items.flatMap((item) => toSubscription(item) ?? []);
      return distinct(subscriptions, ({ subscriptionId }) => subscriptionId);
    });
  }

  /** The tenants that the credential's account belongs to, its own one among them. */
  listTenants(signal: AbortSignal): Promise<readonly Tenant[]> {
    return this.requests.list('Microsoft.Resources/tenants/read', signal, async (abortSignal) => {
      const client = await this.client();
      const items = await allItems(client.tenants.list({ abortSignal }));
      const tenants = items.flatMap((item) => toTenant(item) ?? []);
      return distinct(tenants, ({ tenantId }) => tenantId);
    });
  }

  /** The tenant of the credential's token; undefined where the token does not tell. */
  async ownTenantId(): Promise<string | undefined> {
    const token = await this.requests.credential.getToken(this.requests.cloud.scope);
    return readTenantId(token?.token ?? '');
  }

  private async client() {
    const { SubscriptionClient } = await inOwnTurn(() => import('@azure/arm-resources-subscriptions'));
    return new SubscriptionClient(this.requests.credential, this.requests.clientOptions());
  }
}

/** Reads an item of a list; undefined where it is nothing to ask for. */
function toSubscription(item: unknown): Subscription | undefined {
  const subscriptionId = textOf(fieldOf(item, 'subscriptionId'));
  const state = textOf(fieldOf(item, 'state'));
  return subscriptionId === undefined || state === 'Deleted'
    ? undefined
    : { subscriptionId, displayName: textOf(fieldOf(item, 'displayName')) ?? subscriptionId, state };
}

function toTenant(item: unknown): Tenant | undefined {
  const tenantId = textOf(fieldOf(item, 'tenantId'));
  return tenantId === undefined
    ? undefined
    : { tenantId, displayName: textOf(fieldOf(item, 'displayName')) ?? tenantId };
}

/** The `tid` claim of a token of Microsoft Entra ID. */
function readTenantId(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return textOf(fieldOf(claims, 'tid'));
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
