import { setImmediate } from 'node:timers/promises';
import type { ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import type { TokenCredential } from '@azure/core-auth';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { Cloud } from './clouds.ts';
import {
  toContainerGroup,
  toSummary,
  type ContainerGroup,
  type ContainerGroupSummary,
} from './containerGroups.ts';
import {
  AzureError,
  azureReason,
  isCancellation,
  quotaResetMs,
  retryAfterSeconds,
  toAzureError,
} from './errors.ts';
import { requireContainerGroupId } from './resourceIds.ts';
import { TokenCache } from './tokenCache.ts';

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

/** A part of a long list. */
export interface GroupPage {
  readonly groups: readonly ContainerGroupSummary[];
  /** Where the next page begins; undefined on the last one. */
  readonly skipToken: string | undefined;
  /** How long the next query has to wait for the user's quota, in milliseconds. */
  readonly pauseMs: number;
}

export interface TerminalDimensions {
  readonly columns: number;
  readonly rows: number;
}

/** Where one exec session waits for its client. Both fields are secret. */
export interface ExecEndpoint {
  readonly webSocketUri: string;
  readonly password: string;
}

const apiVersion = '2025-09-01';
const containerGroupType = 'Microsoft.ContainerInstance/containerGroups';

/** The longest a single request may take, retries included, in seconds. */
const requestTimeoutSeconds = 60;

/** The most rows of one page of Resource Graph, and the most subscriptions of one query. */
export const resourceGraphLimit = 1_000;

// A query is paged in a stable order only where it projects the id.
const resourceGraphQuery = `resources | where type =~ '${containerGroupType}' | project id, location`;

/** Azure Resource Manager of one cloud, seen with one credential. Every method throws {@link AzureError} only. */
export class ResourceManager {
  private readonly cloud: Cloud;
  private readonly credential: TokenCache;
  private readonly timeoutSeconds: number;
  private readonly containerClients = new Map<string, Promise<ContainerInstanceManagementClient>>();

  constructor(cloud: Cloud, credential: TokenCredential, timeoutSeconds = requestTimeoutSeconds) {
    this.cloud = cloud;
    this.credential = new TokenCache(credential);
    this.timeoutSeconds = timeoutSeconds;
  }

  /** The tenant of the credential's token; undefined where the token does not tell. */
  async tenantId(): Promise<string | undefined> {
    const token = await this.credential.getToken(this.cloud.scope);
    return readTenantId(token?.token ?? '');
  }

  /** The tenants that the credential's account belongs to. */
  listTenants(signal: AbortSignal): Promise<readonly Tenant[]> {
    return this.limited(signal, async (abortSignal) => {
      const { SubscriptionClient } = await import('@azure/arm-resources-subscriptions');
      const client = new SubscriptionClient(this.credential, this.clientOptions());
      const tenants: Tenant[] = [];
      for await (const { tenantId, displayName } of client.tenants.list({ abortSignal })) {
        if (tenantId !== undefined) {
          tenants.push({ tenantId, displayName: displayName ?? tenantId });
        }
      }
      return tenants;
    });
  }

  /** The subscriptions that the credential sees in its own tenant. */
  listSubscriptions(signal: AbortSignal): Promise<readonly Subscription[]> {
    return this.limited(signal, async (abortSignal) => {
      const { SubscriptionClient } = await import('@azure/arm-resources-subscriptions');
      const client = new SubscriptionClient(this.credential, this.clientOptions());
      const subscriptions: Subscription[] = [];
      for await (const item of client.subscriptions.list({ abortSignal })) {
        if (item.subscriptionId !== undefined && item.state !== 'Deleted') {
          subscriptions.push({
            subscriptionId: item.subscriptionId,
            displayName: item.displayName ?? item.subscriptionId,
            state: item.state,
          });
        }
      }
      return subscriptions;
    });
  }

  /** The container groups of a subscription, from Resource Manager's own cache: fast, and without any state. */
  listContainerGroups(
    subscriptionId: string,
    signal: AbortSignal,
  ): Promise<readonly ContainerGroupSummary[]> {
    return this.limited(signal, async (abortSignal) => {
      const { ResourceManagementClient } = await import('@azure/arm-resources');
      const client = new ResourceManagementClient(this.credential, subscriptionId, this.clientOptions());
      const groups: ContainerGroupSummary[] = [];
      const filter = `resourceType eq '${containerGroupType}'`;
      for await (const item of client.resources.list({ filter, abortSignal })) {
        const summary = toSummary(item);
        if (summary !== undefined) {
          groups.push(summary);
        }
      }
      return groups;
    });
  }

  /** A page of the container groups of all these subscriptions, from Azure Resource Graph, without any state. */
  queryContainerGroups(
    subscriptionIds: readonly string[],
    skipToken: string | undefined,
    signal: AbortSignal,
  ): Promise<GroupPage> {
    return this.limited(signal, async (abortSignal) => {
      const { ResourceGraphClient } = await import('@azure/arm-resourcegraph');
      const client = new ResourceGraphClient(this.credential, this.clientOptions());
      let pauseMs = 0;
      const answer = await client.resources(
        {
          query: resourceGraphQuery,
          subscriptions: [...subscriptionIds],
          options: {
            top: resourceGraphLimit,
            resultFormat: 'objectArray',
            ...(skipToken === undefined ? {} : { skipToken }),
          },
        },
        {
          abortSignal,
          onResponse: ({ headers }) => {
            pauseMs = headers.get('x-ms-user-quota-remaining') === '0' ? (quotaResetMs(headers) ?? 0) : 0;
          },
        },
      );
      const rows: unknown = answer.data;
      if (!Array.isArray(rows)) {
        throw new AzureError({ kind: 'unexpected', detail: 'Resource Graph answered no list' });
      }
      const groups = rows.flatMap(
        (row: { id?: string; location?: string } | null) => toSummary(row ?? {}) ?? [],
      );
      return { groups, skipToken: answer.skipToken, pauseMs };
    });
  }

  /** One container group with its instance view. */
  getContainerGroup(id: string, signal: AbortSignal): Promise<ContainerGroup> {
    return this.limited(signal, async (abortSignal) => {
      const { subscriptionId, resourceGroup, name } = requireContainerGroupId(id);
      const client = await this.containerClient(subscriptionId);
      return toContainerGroup(await client.containerGroups.get(resourceGroup, name, { abortSignal }), id);
    });
  }

  /**
   * Containers - Execute Command. The size is fixed here: no operation of the service changes it later.
   * Azure answers 200 for an ended container and for a command that is not in the image.
   */
  executeCommand(
    groupId: string,
    container: string,
    command: string,
    size: TerminalDimensions,
    signal: AbortSignal,
    timeoutSeconds = requestTimeoutSeconds,
  ): Promise<ExecEndpoint> {
    const start = async (abortSignal: AbortSignal) => {
      const { subscriptionId, resourceGroup, name } = requireContainerGroupId(groupId);
      const client = await this.containerClient(subscriptionId);
      const answer = await client.containers.executeCommand(
        resourceGroup,
        name,
        container,
        { command, terminalSize: { rows: size.rows, cols: size.columns } },
        { abortSignal },
      );
      if (answer.webSocketUri === undefined || answer.password === undefined) {
        throw new AzureError({ kind: 'unexpected', detail: 'Azure started no exec session' });
      }
      return { webSocketUri: answer.webSocketUri, password: answer.password };
    };
    return this.limited(signal, start, timeoutSeconds);
  }

  private containerClient(subscriptionId: string): Promise<ContainerInstanceManagementClient> {
    const known = this.containerClients.get(subscriptionId);
    if (known !== undefined) {
      return known;
    }
    const client = import('@azure/arm-containerinstance').then(
      ({ ContainerInstanceManagementClient }) =>
        new ContainerInstanceManagementClient(this.credential, subscriptionId, {
          ...this.clientOptions(),
          credentialScopes: this.cloud.scope,
          apiVersion,
        }),
    );
    this.containerClients.set(subscriptionId, client);
    return client;
  }

  private clientOptions() {
    return {
      endpoint: this.cloud.resourceManagerEndpoint,
      credentials: { scopes: [this.cloud.scope] },
      additionalPolicies: [
        { policy: sameHost(new URL(this.cloud.resourceManagerEndpoint).host), position: 'perCall' as const },
        { policy: tellThrottling, position: 'perRetry' as const },
        { policy: tellReason, position: 'perCall' as const },
        { policy: keepConnection, position: 'perCall' as const },
      ],
    };
  }

  /** Runs with a time limit; a cancellation by the caller stays an AbortError. */
  private async limited<T>(
    signal: AbortSignal,
    run: (signal: AbortSignal) => Promise<T>,
    seconds = this.timeoutSeconds,
  ): Promise<T> {
    const timeout = AbortSignal.timeout(seconds * 1000);
    const both = AbortSignal.any([signal, timeout]);
    try {
      try {
        return await run(both);
      } catch (error) {
        if (!isUnauthorized(error)) {
          throw error;
        }
        // A token can be revoked before it runs out. The clients keep it, so they go too.
        this.credential.forget();
        this.containerClients.clear();
        return await run(both);
      }
    } catch (error) {
      if (isCancellation(error) && !signal.aborted) {
        throw new AzureError({ kind: 'timedOut', seconds });
      }
      throw isCancellation(error) ? error : toAzureError(error);
    }
  }
}

/**
 * Tells of a throttled read at once, where the SDK would wait in silence: who asked shows until when, and tries again.
 * Only exec is left to the SDK's own patience.
 */
const tellThrottling: PipelinePolicy = {
  name: 'tellThrottling',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status === 429 && !request.url.includes('/exec?')) {
      throw new AzureError({ kind: 'throttled', retryAfterSeconds: retryAfterSeconds(response.headers) });
    }
    return response;
  },
};

/** Tells Azure's own reason: of a list, the SDK tells the status only. A 401 is left to its answer to challenges. */
const tellReason: PipelinePolicy = {
  name: 'tellReason',
  async sendRequest(request, next) {
    const response = await next(request);
    const { status, headers, bodyAsText } = response;
    const reason = status < 400 || status === 401 ? undefined : azureReason(bodyAsText ?? '');
    if (reason !== undefined) {
      throw Object.assign(new Error(reason.message), {
        code: reason.code,
        statusCode: status,
        response: { headers },
      });
    }
    return response;
  },
};

/**
 * Asks for a connection that outlives the request: VS Code's proxy support would close each one, and a new one takes
 * its extension host some 25 ms of work. For the same reason each request begins in a turn of the event loop of its own.
 */
const keepConnection: PipelinePolicy = {
  name: 'keepConnection',
  async sendRequest(request, next) {
    request.headers.set('Connection', 'keep-alive');
    lastTurn = lastTurn.then(() => setImmediate());
    await lastTurn;
    return next(request);
  },
};

let lastTurn = Promise.resolve();

/** Refuses any other host: a `nextLink` names where the next request goes, and the token goes with it. */
function sameHost(host: string): PipelinePolicy {
  return {
    name: 'sameHost',
    sendRequest(request, next) {
      if (new URL(request.url).host !== host) {
        throw new AzureError({ kind: 'unexpected', detail: 'Azure pointed to another host; not followed' });
      }
      return next(request);
    },
  };
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 401;
}

/** The `tid` claim of a token of Microsoft Entra ID. */
function readTenantId(token: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null && 'tid' in claims ? String(claims.tid) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
