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
import { AzureError, isCancellation, toAzureError } from './errors.ts';
import { parseContainerGroupId } from './resourceIds.ts';

export interface Subscription {
  readonly subscriptionId: string;
  readonly displayName: string;
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

/** Azure Resource Manager of one cloud, seen with one credential. Every method throws {@link AzureError} only. */
export class ResourceManager {
  private readonly cloud: Cloud;
  private readonly credential: TokenCredential;
  private readonly containerClients = new Map<string, Promise<ContainerInstanceManagementClient>>();

  constructor(cloud: Cloud, credential: TokenCredential) {
    this.cloud = cloud;
    this.credential = credential;
  }

  /** The enabled subscriptions that the credential sees in its own tenant. */
  listSubscriptions(signal: AbortSignal): Promise<readonly Subscription[]> {
    return limited(signal, async (abortSignal) => {
      const { SubscriptionClient } = await import('@azure/arm-resources-subscriptions');
      const client = new SubscriptionClient(this.credential, this.clientOptions());
      const subscriptions: Subscription[] = [];
      for await (const item of client.subscriptions.list({ abortSignal })) {
        if (item.subscriptionId !== undefined && item.state !== 'Deleted' && item.state !== 'Disabled') {
          subscriptions.push({
            subscriptionId: item.subscriptionId,
            displayName: item.displayName ?? item.subscriptionId,
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
    return limited(signal, async (abortSignal) => {
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

  /** One container group with its instance view. */
  getContainerGroup(id: string, signal: AbortSignal): Promise<ContainerGroup> {
    return limited(signal, async (abortSignal) => {
      const { subscriptionId, resourceGroup, name } = parts(id);
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
      const { subscriptionId, resourceGroup, name } = parts(groupId);
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
    return limited(signal, start, timeoutSeconds);
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
      ],
    };
  }
}

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

function parts(groupId: string) {
  const parsed = parseContainerGroupId(groupId);
  if (parsed === undefined) {
    throw new AzureError({ kind: 'unexpected', detail: 'not a container group id' });
  }
  return parsed;
}

/** Runs with a time limit; a cancellation by the caller stays an AbortError. */
async function limited<T>(
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
  seconds = requestTimeoutSeconds,
): Promise<T> {
  const timeout = AbortSignal.timeout(seconds * 1000);
  try {
    return await run(AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (isCancellation(error) && !signal.aborted) {
      throw new AzureError({ kind: 'timedOut', seconds });
    }
    throw isCancellation(error) ? error : toAzureError(error);
  }
}
