import { fieldOf } from '../../base/json.ts';
import {
  toContainerGroup,
  toSummary,
  type ContainerGroup,
  type ContainerGroupSummary,
} from '../containerGroups.ts';
import { AzureError, quotaResetMs } from '../errors.ts';
import { allItems } from '../pages.ts';
import { distinct, isSameId, requireContainerGroupId } from '../resourceIds.ts';
import type { Requests } from './requests.ts';
import { inOwnTurn } from '../../base/ownTurn.ts';

/** A part of a long list. */
export interface GroupPage {
  readonly groups: readonly ContainerGroupSummary[];
  /** Where the next page begins; undefined on the last one. */
  readonly skipToken: string | undefined;
  /** How long the next query has to wait for the user's quota, in milliseconds. */
  readonly pauseMs: number;
}

const containerGroupType = 'Microsoft.ContainerInstance/containerGroups';

/** The most rows of one page of Resource Graph, and the most subscriptions of one query. */
export const resourceGraphLimit = 1_000;

// A query is paged in a stable order only where it projects the id.
const resourceGraphQuery = `resources | where type =~ '${containerGroupType}' | project id, location`;

/** *Container Groups*. Every method throws {@link AzureError} or an AbortError. */
export class ContainerGroupOperations {
  private readonly requests: Requests;

  constructor(requests: Requests) {
    this.requests = requests;
  }

  /** The container groups of a subscription, from Resource Manager's own cache: fast, and without any state. */
  list(subscriptionId: string, signal: AbortSignal): Promise<readonly ContainerGroupSummary[]> {
    return this.requests.list(signal, async (abortSignal) => {
      const { ResourceManagementClient } = await inOwnTurn(() => import('@azure/arm-resources'));
      const client = new ResourceManagementClient(
        this.requests.credential,
        subscriptionId,
        this.requests.clientOptions(),
      );
      const filter = `resourceType eq '${containerGroupType}'`;
      const items = await allItems(client.resources.list({ filter, abortSignal }));
      const all = items.flatMap((item) => toSummary(item) ?? []);
      const groups = all.filter((group) => isSameId(group.subscriptionId, subscriptionId));
      return distinct(groups, ({ id }) => id);
    });
  }

  /** A page of the container groups of all these subscriptions, from Azure Resource Graph, without any state. */
  query(
    subscriptionIds: readonly string[],
    skipToken: string | undefined,
    signal: AbortSignal,
  ): Promise<GroupPage> {
    return this.requests.list(signal, async (abortSignal) => {
      const { ResourceGraphClient } = await inOwnTurn(() => import('@azure/arm-resourcegraph'));
      const client = new ResourceGraphClient(this.requests.credential, this.requests.clientOptions());
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
      const rows = fieldOf(answer, 'data');
      if (!Array.isArray(rows)) {
        throw new AzureError({ kind: 'notAzure', detail: 'Resource Graph answered no list' });
      }
      const groups = rows.flatMap((row) => toSummary(row) ?? []);
      const next = fieldOf(answer, 'skipToken');
      return {
        groups: distinct(groups, ({ id }) => id),
        skipToken: typeof next === 'string' && next !== '' ? next : undefined,
        pauseMs,
      };
    });
  }

  /** One container group with its instance view. */
  get(id: string, signal: AbortSignal): Promise<ContainerGroup> {
    return this.requests.resource(signal, async (abortSignal) => {
      const { subscriptionId, resourceGroup, name } = requireContainerGroupId(id);
      const client = await this.requests.containerClient(subscriptionId);
      return toContainerGroup(await client.containerGroups.get(resourceGroup, name, { abortSignal }), id);
    });
  }
}
