import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import tls from 'node:tls';
import { cloudFromSettings } from '../../../src/azure/clouds.ts';
import { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import type { RequestOptions } from '../../../src/azure/resourceManager/requests.ts';
import { customEnvironment } from '../../emulator/customEnvironment.ts';
import type { Emulator } from '../../emulator/emulator.ts';
import type { Operation } from '../../emulator/faults.ts';

const subscription = '11111111-0001-4000-8000-000000000001';
const group = `/subscriptions/${subscription}/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop-web`;
const { signal: never } = new AbortController();

/** One operation of Resource Manager: how it is called, and what it is over HTTP. */
interface OperationCall {
  readonly operation: Operation;
  readonly call: (client: ResourceManagerClient, signal?: AbortSignal) => Promise<unknown>;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** The shape of what comes of it. */
  readonly shape: Shape;
}

/** A type by its name, with `?` where the value may be undefined; a list by its item; an object by its fields. */
type Shape = string | readonly [Shape] | { readonly [name: string]: Shape };

const summary = {
  id: 'string',
  name: 'string',
  subscriptionId: 'string',
  resourceGroup: 'string',
  location: 'string',
};
const state = {
  state: 'string',
  detailStatus: 'string',
  exitCode: 'number?',
  startTime: 'date?',
  finishTime: 'date?',
};
const port = { port: 'number', protocol: 'string' };
const resources = { cpu: 'number?', memoryInGB: 'number?' };
const event = {
  name: 'string',
  message: 'string',
  type: 'string',
  count: 'number',
  first: 'date?',
  last: 'date?',
};
const container: Shape = {
  id: 'string',
  name: 'string',
  image: 'string',
  restartCount: 'number',
  'current?': state,
  'previous?': state,
  ports: [port],
  requests: resources,
  limits: resources,
  events: [event],
};

const apiVersion = 'api-version=2025-09-01';

/** What the extension asks Resource Manager for whose answer is an object. */
export const operations: Readonly<Record<string, OperationCall>> = {
  tenants: {
    operation: 'tenants',
    call: ({ subscriptions }, signal = never) => subscriptions.listTenants(signal),
    method: 'GET',
    path: `/tenants?${apiVersion}`,
    shape: [{ tenantId: 'string', displayName: 'string' }],
  },
  subscriptions: {
    operation: 'subscriptions',
    call: ({ subscriptions }, signal = never) => subscriptions.list(signal),
    method: 'GET',
    path: `/subscriptions?${apiVersion}`,
    shape: [{ subscriptionId: 'string', displayName: 'string', state: 'string?' }],
  },
  'container groups': {
    operation: 'resources',
    call: ({ containerGroups }, signal = never) => containerGroups.list(subscription, signal),
    method: 'GET',
    path: `/subscriptions/${subscription}/resources?${apiVersion}&$filter=resourceType%20eq%20'Microsoft.ContainerInstance/containerGroups'`,
    shape: [summary],
  },
  'Resource Graph': {
    operation: 'resourceGraph',
    call: ({ containerGroups }, signal = never) => containerGroups.query([subscription], undefined, signal),
    method: 'POST',
    path: `/providers/Microsoft.ResourceGraph/resources?${apiVersion}`,
    body: {
      query: "resources | where type =~ 'Microsoft.ContainerInstance/containerGroups' | project id, location",
      subscriptions: [subscription],
      options: { $top: 1_000 },
    },
    shape: { groups: [summary], skipToken: 'string?', pauseMs: 'number' },
  },
  registry: {
    operation: 'resourceGraph',
    call: ({ registries }, signal = never) => registries.find('contoso.azurecr.io', signal),
    method: 'POST',
    path: `/providers/Microsoft.ResourceGraph/resources?${apiVersion}`,
    body: {
      query:
        "resources | where type =~ 'Microsoft.ContainerRegistry/registries' | where properties.loginServer =~ 'contoso.azurecr.io' | project id",
    },
    shape: 'string?',
  },
  'a container group': {
    operation: 'get',
    call: ({ containerGroups }, signal = never) => containerGroups.get(group, signal),
    method: 'GET',
    path: `${group}?${apiVersion}`,
    shape: {
      ...summary,
      osType: 'string',
      provisioningState: 'string?',
      state: 'string?',
      containers: [container],
      initContainers: [container],
      restartPolicy: 'string?',
      sku: 'string?',
      priority: 'string?',
      'ipAddress?': { type: 'string?', ip: 'string?', fqdn: 'string?', ports: [port] },
      events: [event],
    },
  },
  'a container group as it is answered': {
    operation: 'get',
    call: ({ containerGroups }, signal = never) => containerGroups.getRaw(group, signal),
    method: 'GET',
    path: `${group}?${apiVersion}`,
    shape: { properties: { containers: 'object' } },
  },
  metrics: {
    operation: 'metrics',
    call: ({ metrics }, signal = never) => metrics.lastHour(group, signal),
    method: 'GET',
    path: `${group}/providers/Microsoft.Insights/metrics?api-version=2023-10-01&metricnames=CpuUsage,MemoryUsage&aggregation=Average&timespan=2026-11-25T11:00:00.000Z/2026-11-25T12:00:00.000Z&interval=PT1M&$filter=containerName%20eq%20'*'`,
    shape: { until: 'date', containers: [{ container: 'string', cpu: ['number'], memory: ['number'] }] },
  },
  exec: {
    operation: 'exec',
    call: ({ containers }, signal = never) =>
      containers.executeCommand(
        { groupId: group, container: 'shop-web', command: '/bin/sh', size: { columns: 80, rows: 24 } },
        signal,
      ),
    method: 'POST',
    path: `${group}/containers/shop-web/exec?${apiVersion}`,
    body: { command: '/bin/sh', terminalSize: { rows: 24, cols: 80 } },
    shape: { webSocketUri: 'string', password: 'string' },
  },
  attach: {
    operation: 'attach',
    call: ({ containers }, signal = never) =>
      containers.attach({ groupId: group, container: 'shop-web' }, signal),
    method: 'POST',
    path: `${group}/containers/shop-web/attach?${apiVersion}`,
    shape: { webSocketUri: 'string', password: 'string' },
  },
};

const verbs = ['start', 'stop', 'restart', 'delete'] as const;

/** All that the extension asks Resource Manager for. */
export const allOperations: Readonly<Record<string, Pick<OperationCall, 'operation' | 'call'>>> = {
  ...operations,
  logs: {
    operation: 'logs',
    call: ({ containers }, signal = never) =>
      containers.listLogs({ groupId: group, container: 'shop-web', timestamps: false }, signal),
  },
  ...Object.fromEntries(
    verbs.map((verb) => [
      verb,
      {
        operation: verb,
        call: ({ containerGroups }: ResourceManagerClient, signal = never) =>
          containerGroups.operate(verb, group, signal),
      },
    ]),
  ),
  'an operation that goes on': {
    operation: 'operation',
    call: ({ containerGroups }, signal = never) => containerGroups.operate('restart', group, signal),
  },
};

/** Whether a value has the types of a shape. */
export function hasShape(value: unknown, shape: Shape): boolean {
  if (typeof shape === 'string') {
    const isOptional = shape.endsWith('?');
    const name = isOptional ? shape.slice(0, -1) : shape;
    const isOfType =
      name === 'date' ? value instanceof Date && !Number.isNaN(value.getTime()) : typeof value === name;
    return isOfType || (isOptional && value === undefined);
  }
  if (Array.isArray(shape)) {
    const [item] = shape as readonly [Shape]; // the only kind of array there is
    return Array.isArray(value) && value.every((one) => hasShape(one, item));
  }
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(shape).every(([name, inner]) => {
      const field = Reflect.get(value, name.replace('?', '')) as unknown; // checked by the next line
      return (name.endsWith('?') && field === undefined) || hasShape(field, inner);
    })
  );
}

/** Trusts the certificate of the simulated Azure, besides the usual ones. */
export function trust({ caPath }: Emulator): void {
  tls.setDefaultCACertificates([...authorities, readFileSync(caPath, 'utf8')]);
}

/** Trusts the usual certificates only. */
export function trustNone(): void {
  tls.setDefaultCACertificates(authorities);
}

const authorities = tls.getCACertificates('default');

/** A client of the simulated Azure, with a token that is good for an hour. */
export function clientOf(
  { endpoint, credentials }: Emulator,
  options: RequestOptions = {},
): ResourceManagerClient {
  const token = { token: credentials.bearerToken, expiresOnTimestamp: Date.now() + 3_600_000 };
  const cloud = cloudFromSettings('custom', customEnvironment(endpoint));
  return new ResourceManagerClient(cloud, { getToken: () => Promise.resolve(token) }, options);
}

/** The answer of the simulated Azure as it is sent. */
export function rawAnswer(emulator: Emulator, { method, path, body }: OperationCall): Promise<unknown> {
  const headers = {
    Authorization: `Bearer ${emulator.credentials.bearerToken}`,
    'Content-Type': 'application/json',
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${emulator.endpoint}${path}`, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(JSON.parse(text)));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
