import { delay } from '../../base/delay.ts';
import { fieldOf } from '../../base/json.ts';
import {
  toContainerGroup,
  toSummary,
  type ContainerGroup,
  type ContainerGroupSummary,
} from '../containerGroups.ts';
import type { GroupVerb, OperationPhase } from '../groupVerbs.ts';
import { AzureError, quotaResetMs } from '../errors.ts';
import { allItems, resourceGraphLimit } from '../pages.ts';
import { distinct, isSameId, requireContainerGroupId } from '../resourceIds.ts';
import { untilDone } from './longRunning.ts';
import { apiVersion, type Requests } from './requests.ts';
import { rowsOf } from './resourceGraph.ts';
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

/** What a role must allow. */
const actions = {
  list: 'Microsoft.Resources/subscriptions/resources/read',
  query: 'Microsoft.ResourceGraph/resources/read',
  get: `${containerGroupType}/read`,
  start: `${containerGroupType}/start/action`,
  stop: `${containerGroupType}/stop/action`,
  restart: `${containerGroupType}/restart/action`,
  delete: `${containerGroupType}/delete`,
  follow: 'Microsoft.ContainerInstance/locations/operations/read',
};

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
    return this.requests.list(actions.list, signal, async (abortSignal) => {
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
    return this.requests.list(actions.query, signal, async (abortSignal) => {
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
      const groups = rowsOf(answer).flatMap((row) => toSummary(row) ?? []);
      const next = fieldOf(answer, 'skipToken');
      return {
        groups: distinct(groups, ({ id }) => id),
        skipToken: typeof next === 'string' && next !== '' ? next : undefined,
        pauseMs,
      };
    });
  }

  /**
   * One container group with its instance view, just as Azure answers it: it holds secrets, so it is masked before anything
   * of it is shown.
   */
  async getRaw(id: string, signal: AbortSignal): Promise<unknown> {
    requireContainerGroupId(id);
    const group = await this.requests.getJson(actions.get, id, { 'api-version': apiVersion }, signal);
    if (!Array.isArray(fieldOf(fieldOf(group, 'properties'), 'containers'))) {
      throw new AzureError({ kind: 'notAzure', detail: 'a container group without containers' });
    }
    return group;
  }

  /** One container group with its instance view. */
  get(id: string, signal: AbortSignal): Promise<ContainerGroup> {
    return this.requests.resource(actions.get, signal, async (abortSignal) => {
      const { subscriptionId, resourceGroup, name } = requireContainerGroupId(id);
      const client = await this.requests.containerClient(subscriptionId);
      return toContainerGroup(await client.containerGroups.get(resourceGroup, name, { abortSignal }), id);
    });
  }

  /**
   * *Start*, *Stop*, *Restart* or *Delete*; resolves when Azure says that it is done, which for a restart may be before
   * anything has happened (Restart-AzContainerGroup recording). Start and restart pull a changed image; stop ends billing
   * and loses what the containers hold. Waits while Azure changes the group otherwise. `onPhase` hears how far it has come.
   */
  async operate(
    verb: GroupVerb,
    id: string,
    signal: AbortSignal,
    onPhase: (phase: OperationPhase) => void = () => undefined,
  ): Promise<void> {
    const path = verb === 'delete' ? id : `${id}/${verb}`;
    const url = this.requests.urlOf(path, { 'api-version': apiVersion });
    const method = verb === 'delete' ? 'DELETE' : 'POST';
    const request = () => {
      onPhase('asked');
      return this.requests.send(actions[verb], method, url, signal);
    };
    const started = await whenSettled(request, signal, () => onPhase('waiting'));
    onPhase('accepted');
    await untilDone(
      started,
      (link, abortSignal) => this.requests.send(actions.follow, 'GET', link, abortSignal),
      signal,
    );
  }
}

/** How often a group in transition is tried again: for about ten minutes. */
const mostTurns = 60;

/** How long Azure wants a group in transition to be left alone, in milliseconds. */
const transitionMs = 10_000;

/** Tries again while Azure answers that the group is still being changed (`ContainerGroupTransitioning`). */
async function whenSettled<T>(
  request: () => Promise<T>,
  signal: AbortSignal,
  onPutOff: () => void,
): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await request();
    } catch (error) {
      if (turn === mostTurns || !(error instanceof AzureError) || error.problem.kind !== 'transitioning') {
        throw error;
      }
      onPutOff();
      await delay(transitionMs, signal);
    }
  }
}
