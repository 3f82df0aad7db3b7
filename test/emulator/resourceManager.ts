import { randomUUID } from 'node:crypto';
import {
  groupBody,
  logOf,
  type ContainerGroups,
  type ContainerRecord,
  type GroupRecord,
} from './containerGroups.ts';
import type { ExecSessions } from './execSessions.ts';
import type { Operation } from './faults.ts';
import type { Credentials, Principal } from './identity.ts';
import { metrics, metricsBatch } from './metrics.ts';
import { ResourceGraph } from './resourceGraph.ts';
import {
  subscriptionsOf,
  type Scenario,
  type ScenarioSubscription,
  type ScenarioTenant,
} from './scenario.ts';

/** An HTTP answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly body?: object;
  /** In place of a body: any text. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call of Azure Resource Manager, its path already told apart. */
export interface Call {
  readonly operation: Operation;
  readonly respond: () => Answer;
}

const provider = '/providers/Microsoft.ContainerInstance/containerGroups';
const groupPattern = new RegExp(
  `^(/subscriptions/([^/]+)/resourceGroups/([^/]+)${provider}/([^/]+))(?:/([a-z]+))?$`,
  'i',
);
const containerPattern = new RegExp(
  `^(/subscriptions/[^/]+/resourceGroups/([^/]+)${provider}/([^/]+))/containers/([^/]+)/(exec|attach|logs)$`,
  'i',
);
const metricsPattern = new RegExp(
  `^(/subscriptions/[^/]+/resourceGroups/([^/]+)${provider}/([^/]+))/providers/Microsoft\\.Insights/metrics$`,
  'i',
);

const metricsBatchPattern = /^\/subscriptions\/([^/]+)\/metrics:getBatch$/i;

/** Azure Resource Manager's view of the simulated world. */
export class ResourceManagerApi {
  private readonly endpoint: string;
  private readonly tenantId: string;
  private readonly pageSize: number | undefined;
  private readonly subscriptions: readonly ScenarioSubscription[];
  private readonly tenants: readonly ScenarioTenant[];
  private readonly graph: ResourceGraph;
  private readonly clientId: string;
  private readonly groups: ContainerGroups;
  private readonly sessions: ExecSessions;

  constructor(
    endpoint: string,
    { tenantId, clientId }: Credentials,
    scenario: Scenario,
    groups: ContainerGroups,
    sessions: ExecSessions,
  ) {
    this.endpoint = endpoint;
    this.tenantId = tenantId;
    this.pageSize = scenario.pageSize;
    this.subscriptions = subscriptionsOf(scenario);
    this.tenants = scenario.tenants ?? [];
    this.graph = new ResourceGraph(groups, scenario.pageSize);
    this.clientId = clientId;
    this.groups = groups;
    this.sessions = sessions;
  }

  /** Tells a request's operation and how it would be answered. Paths are case-insensitive, as in Azure. */
  route(method: string, url: URL, body: string, caller: Principal): Call {
    const path = decodeURIComponent(url.pathname).replace(/\/$/, '');
    if (url.searchParams.get('api-version') === null) {
      return call('other', () =>
        error(
          400,
          'MissingApiVersionParameter',
          'The api-version query parameter (?api-version=) is required for all requests.',
        ),
      );
    }
    if (method === 'GET' && path === '/tenants') {
      const own = { tenantId: this.tenantId, displayName: 'Contoso' };
      const others = this.tenants.filter(({ members }) => members.includes(caller.name));
      return call('tenants', () =>
        this.page(
          url,
          [own, ...others].map(({ tenantId, displayName }) => ({
            id: `/tenants/${tenantId}`,
            tenantId,
            displayName,
          })),
        ),
      );
    }
    if (method === 'GET' && path === '/subscriptions') {
      return call('subscriptions', () =>
        this.page(
          url,
          this.inTenant(caller).map((item) => this.subscriptionBody(item)),
        ),
      );
    }
    if (method === 'POST' && /^\/providers\/Microsoft\.ResourceGraph\/resources$/i.test(path)) {
      const readable = this.inTenant(caller).filter(({ denied }) => denied !== true);
      return call('resourceGraph', () => this.graph.query(body, caller.name, readable));
    }
    return (
      this.routeSubscription(method, path, url) ??
      this.routeContainer(method, path, url, body) ??
      this.routeGroup(method, path) ??
      this.routeMetrics(method, path, url) ??
      this.routeMetricsBatch(method, path, url, body) ??
      call('other', () =>
        error(404, 'InvalidResourceType', 'The resource type could not be found in the namespace.'),
      )
    );
  }

  private routeSubscription(method: string, path: string, url: URL): Call | undefined {
    const [, subscriptionId, rest] = /^\/subscriptions\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    if (method !== 'GET' || subscriptionId === undefined) {
      return undefined;
    }
    const subscription = this.subscriptions.find((item) => same(item.subscriptionId, subscriptionId));
    if (subscription === undefined) {
      return call('other', () =>
        error(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`),
      );
    }
    if (subscription.denied === true && rest !== undefined) {
      return call(/^\/resources$/i.test(rest) ? 'resources' : 'other', () =>
        error(
          403,
          'AuthorizationFailed',
          `The client '${this.clientId}' with object id '${this.clientId}' does not have authorization to perform action 'Microsoft.Resources/subscriptions/resources/read' over scope '/subscriptions/${subscriptionId}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
        ),
      );
    }
    const groups = this.groups.inSubscription(subscriptionId);
    if (rest === undefined) {
      return call('subscriptions', () => ({ status: 200, body: this.subscriptionBody(subscription) }));
    }
    if (/^\/resources$/i.test(rest)) {
      const wanted = /resourceType eq 'Microsoft\.ContainerInstance\/containerGroups'/i.test(
        url.searchParams.get('$filter') ?? '',
      );
      return call('resources', () => this.page(url, wanted ? groups.map(resourceBody) : []));
    }
    if (/^\/resourcegroups$/i.test(rest)) {
      const names = [...new Set(groups.map(({ spec }) => spec.resourceGroup))];
      return call('other', () =>
        this.page(
          url,
          names.map((name) => ({
            id: `${path.replace(/\/[^/]*$/, '')}/resourceGroups/${name}`,
            name,
            location: 'westeurope',
            properties: { provisioningState: 'Succeeded' },
          })),
        ),
      );
    }
    const [, operationId] =
      /^\/providers\/Microsoft\.ContainerInstance\/locations\/[^/]+\/operations\/([^/]+)$/i.exec(rest) ?? [];
    if (operationId !== undefined) {
      return call('operation', () => this.operation(operationId, url));
    }
    const list = new RegExp(`^(?:/resourceGroups/([^/]+))?${provider}$`, 'i').exec(rest);
    if (list !== null) {
      const inGroup = groups.filter(({ spec }) => list[1] === undefined || same(spec.resourceGroup, list[1]));
      return call('list', () =>
        this.page(
          url,
          inGroup.map((group) => groupBody(group, false)),
        ),
      );
    }
    return undefined;
  }

  private routeGroup(method: string, path: string): Call | undefined {
    const [, id, , resourceGroup, name, verb] = groupPattern.exec(path) ?? [];
    if (id === undefined || resourceGroup === undefined || name === undefined) {
      return undefined;
    }
    const operation =
      ({ GET: 'get', DELETE: 'delete' } as const)[`${method}${verb ?? ''}`] ?? lifecycle(method, verb);
    return call(operation ?? 'other', () => {
      const group = this.groups.find(id);
      if (group === undefined) {
        return operation === 'delete' ? { status: 204 } : resourceNotFound(resourceGroup, name);
      }
      if (operation !== undefined && group.spec.denied?.includes(operation) === true) {
        return this.denied(group, operation);
      }
      const transitioning = settled(group) ? undefined : groupTransitioning(group);
      switch (operation) {
        case 'get':
          return { status: 200, body: groupBody(group, true) };
        case 'delete':
          if (transitioning !== undefined) {
            return transitioning;
          }
          this.groups.delete(group);
          return { status: 200, body: groupBody(group, false) };
        case 'stop':
          if (transitioning !== undefined) {
            return transitioning;
          }
          this.groups.stop(group);
          return { status: 204 };
        case 'start': {
          if (transitioning !== undefined) {
            return transitioning;
          }
          const started = this.groups.start(group);
          return started === undefined
            ? { status: 204 }
            : { status: 202, headers: this.operationHeader(group, started.id) };
        }
        case 'restart':
          if (group.state === 'Stopped') {
            return error(
              409,
              'ContainerGroupStopped',
              `The container group '${group.spec.name}' is stopped. Please start it first.`,
            );
          }
          // A second restart during `Updating` is 204 again (Restart-AzContainerGroup recording).
          return { status: 204, headers: this.operationHeader(group, this.groups.restart(group).id) };
        default:
          return error(405, 'MethodNotAllowed', 'The method is not allowed.');
      }
    });
  }

  private routeMetrics(method: string, path: string, url: URL): Call | undefined {
    const [, groupId, resourceGroup, name] = metricsPattern.exec(path) ?? [];
    if (method !== 'GET' || groupId === undefined || resourceGroup === undefined || name === undefined) {
      return undefined;
    }
    return call('metrics', () => {
      const group = this.groups.find(groupId);
      if (group === undefined) {
        return resourceNotFound(resourceGroup, name);
      }
      return group.spec.denied?.includes('metrics') === true
        ? this.denied(group, 'metrics')
        : metrics(group, url.searchParams);
    });
  }

  private routeMetricsBatch(method: string, path: string, url: URL, body: string): Call | undefined {
    const [, subscriptionId] = metricsBatchPattern.exec(path) ?? [];
    if (method !== 'POST' || subscriptionId === undefined) {
      return undefined;
    }
    return call('metrics', () => {
      const ids = idsIn(body);
      const groups = ids.flatMap((id) => this.groups.find(id) ?? []);
      if (ids.length === 0 || groups.length < ids.length) {
        return error(400, 'BadRequest', 'The resource ids are missing, or name what is not there.');
      }
      const refused = groups.find(({ spec }) => spec.denied?.includes('metrics') === true);
      return refused === undefined ? metricsBatch(groups, url.searchParams) : this.denied(refused, 'metrics');
    });
  }

  private routeContainer(method: string, path: string, url: URL, body: string): Call | undefined {
    const [, groupId, resourceGroup, groupName, name, verb] = containerPattern.exec(path) ?? [];
    if (
      groupId === undefined ||
      resourceGroup === undefined ||
      groupName === undefined ||
      name === undefined
    ) {
      return undefined;
    }
    const operation =
      method === 'POST' && verb !== 'logs' ? verb : method === 'GET' && verb === 'logs' ? verb : undefined;
    if (operation !== 'exec' && operation !== 'attach' && operation !== 'logs') {
      return undefined;
    }
    return call(operation, () => {
      const group = this.groups.find(groupId);
      if (group === undefined) {
        return resourceNotFound(resourceGroup, groupName);
      }
      if (group.spec.denied?.includes(operation) === true) {
        return this.denied(group, operation);
      }
      const container = group.containers.find(({ spec }) => same(spec.name, name));
      if (container === undefined) {
        return error(
          404,
          'ContainerNotFound',
          `The container '${name}' does not exist in container group '${groupName}'.`,
        );
      }
      if (operation === 'logs') {
        return log(group, container, url);
      }
      if (!settled(group)) {
        return groupTransitioning(group);
      }
      if (operation === 'attach') {
        return { status: 200, body: this.sessions.attach(group.id, container.spec.name) };
      }
      if (group.spec.sku === 'Confidential') {
        // What the service answers here is not recorded anywhere; its documentation only says that exec fails.
        return error(
          400,
          'OperationNotAllowed',
          'Exec is denied by the confidential computing enforcement policy of the container group.',
        );
      }
      return this.exec(group, container.spec.name, body);
    });
  }

  /** Exec answers 200 for an ended container too (Azure CLI's recording of 2023-05-01). */
  private exec(group: GroupRecord, container: string, body: string): Answer {
    const request = parseExec(body);
    if (request === undefined) {
      return error(
        400,
        'InvalidRequestContent',
        'The request content was invalid and could not be deserialized.',
      );
    }
    if (request.command.length >= 5_000) {
      return error(
        400,
        'InvalidCommandLength',
        'The length of the command must be less than 5000 characters.',
      );
    }
    return { status: 200, body: this.sessions.exec(group.id, container, request) };
  }

  /** Its link is signed: any other query is refused. What the service answers then is not recorded anywhere. */
  private operation(id: string, { search }: URL): Answer {
    if (search !== operationQuery) {
      return error(400, 'InvalidOperationLink', 'The link of the operation is not the one that was given.');
    }
    const operation = this.groups.operation(id);
    return operation === undefined
      ? error(404, 'OperationNotFound', `The operation '${id}' was not found.`)
      : {
          status: 200,
          body: {
            id: operation.groupId,
            status: operation.status,
            startTime: operation.startTime,
            properties: { events: [] },
          },
        };
  }

  private operationHeader(group: GroupRecord, operationId: string): Record<string, string> {
    const path = `/subscriptions/${group.subscriptionId}/providers/Microsoft.ContainerInstance/locations/${group.spec.location}/operations/${operationId}`;
    return {
      'azure-asyncoperation': `${this.endpoint}${path}${operationQuery}`,
    };
  }

  private denied(group: GroupRecord, operation: Operation): Answer {
    const action =
      operation === 'metrics'
        ? 'Microsoft.Insights/metrics/read'
        : `Microsoft.ContainerInstance/containerGroups/${actions[operation] ?? `${operation}/action`}`;
    return error(
      403,
      'AuthorizationFailed',
      `The client '${this.clientId}' with object id '${this.clientId}' does not have authorization to perform action '${action}' over scope '${group.id}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  }

  private page(url: URL, items: readonly object[]): Answer {
    const size = this.pageSize ?? items.length;
    const start = Number(url.searchParams.get('$skiptoken') ?? 0);
    const next = new URL(`${this.endpoint}${url.pathname}${url.search}`);
    next.searchParams.set('$skiptoken', String(start + size));
    return {
      status: 200,
      body: {
        value: items.slice(start, start + size),
        ...(start + size < items.length ? { nextLink: next.href } : {}),
      },
    };
  }

  /** The subscriptions that a token of the tenant lists. */
  private inTenant(caller: Principal): readonly ScenarioSubscription[] {
    return this.subscriptions.filter(({ tenantId }) => (tenantId ?? this.tenantId) === caller.tenantId);
  }

  private subscriptionBody({ subscriptionId, displayName, tenantId, state }: ScenarioSubscription): object {
    return {
      id: `/subscriptions/${subscriptionId}`,
      authorizationSource: 'RoleBased',
      managedByTenants: [],
      subscriptionId,
      tenantId: tenantId ?? this.tenantId,
      displayName,
      state: state ?? 'Enabled',
      subscriptionPolicies: {
        locationPlacementId: 'Public_2014-09-01',
        quotaId: 'EnterpriseAgreement_2014-09-01',
        spendingLimit: 'Off',
      },
    };
  }
}

/** The query of an operation's link, as recorded but for its signature. */
const operationQuery = `?api-version=2018-06-01&t=638659482329773565&c=${'SIGNED'.repeat(450)}&s=${'SIGNED'.repeat(57)}&h=SIGNED`;

/** The operations of Azure's roles whose name is not the operation's own. */
const actions: Readonly<Partial<Record<Operation, string>>> = {
  get: 'read',
  delete: 'delete',
  exec: 'containers/exec/action',
  attach: 'containers/attach/action',
  logs: 'containers/logs/read',
};

/** The provisioning states in which nothing is on its way. */
const settledStates: readonly string[] = ['Succeeded', 'Failed', 'Canceled', 'Unhealthy'];

function settled(group: GroupRecord): boolean {
  return settledStates.includes(group.provisioningState);
}

function groupTransitioning(group: GroupRecord): Answer {
  return error(
    409,
    'ContainerGroupTransitioning',
    `The container group '${group.spec.name}' is still transitioning, please retry later.`,
  );
}

function log(group: GroupRecord, container: ContainerRecord, url: URL): Answer {
  const kept = logOf(container);
  if (kept === undefined) {
    return error(
      404,
      'ContainerLogNotAvailable',
      `Log of container '${container.spec.name}' in container group '${group.spec.name}' is not available yet. Please check container 'InstanceView' for more information or retry later.`,
    );
  }
  const tail = Number(url.searchParams.get('tail') ?? Number.NaN);
  const content = kept.read({
    tail: tail > 0 ? tail : undefined,
    timestamps: url.searchParams.get('timestamps')?.toLowerCase() === 'true',
    isRunning: container.current.state === 'Running',
  });
  return { status: 200, body: { content } };
}

function lifecycle(method: string, verb: string | undefined): 'start' | 'stop' | 'restart' | undefined {
  return method === 'POST' && (verb === 'start' || verb === 'stop' || verb === 'restart') ? verb : undefined;
}

function parseExec(
  body: string,
): { readonly command: string; readonly rows: number; readonly cols: number } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (
      typeof value !== 'object' ||
      value === null ||
      !('command' in value) ||
      typeof value.command !== 'string' ||
      value.command.trim() === ''
    ) {
      return undefined;
    }
    const size: unknown = 'terminalSize' in value ? value.terminalSize : undefined;
    const field = (name: string, otherwise: number) =>
      typeof size === 'object' && size !== null && name in size ? Number(Reflect.get(size, name)) : otherwise;
    const request = { command: value.command, rows: field('rows', 24), cols: field('cols', 80) };
    const fits = (length: number) => Number.isInteger(length) && length > 0 && length < 65_536;
    return fits(request.rows) && fits(request.cols) ? request : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      return undefined;
    }
    throw cause;
  }
}

function resourceBody(group: GroupRecord): object {
  return {
    id: group.id,
    name: group.spec.name,
    type: 'Microsoft.ContainerInstance/containerGroups',
    location: group.spec.location,
    tags: {},
  };
}

function resourceNotFound(resourceGroup: string, name: string): Answer {
  return error(
    404,
    'ResourceNotFound',
    `The Resource 'Microsoft.ContainerInstance/containerGroups/${name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** An error in the shape of Azure's CloudError. */
export function error(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

/** The headers of every answer, as recorded. */
export function recordedHeaders(method: string): Record<string, string> {
  const kind = method === 'GET' ? 'reads' : method === 'DELETE' ? 'deletes' : 'writes';
  return {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    [`x-ms-ratelimit-remaining-subscription-${kind}`]: kind === 'reads' ? '1099' : '799',
    [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: kind === 'reads' ? '16499' : '11999',
    'x-ms-request-id': `westeurope:${randomUUID()}`,
    'x-ms-correlation-request-id': randomUUID(),
  };
}

function call(operation: Operation, respond: () => Answer): Call {
  return { operation, respond };
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The resource ids that the body of a batch names. */
function idsIn(body: string): readonly string[] {
  try {
    const content: unknown = JSON.parse(body);
    const ids: unknown =
      typeof content === 'object' && content !== null ? Reflect.get(content, 'resourceids') : undefined;
    return Array.isArray(ids) ? ids.map(String) : [];
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      return [];
    }
    throw cause;
  }
}
