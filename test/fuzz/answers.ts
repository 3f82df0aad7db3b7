import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { cloudFromSettings } from '../../src/azure/clouds.ts';
import { ResourceManagerClient } from '../../src/azure/resourceManager/client.ts';
import { customEnvironment } from '../emulator/customEnvironment.ts';
import { hasShape, operations } from '../component/azure/operations.ts';
import { inTime, type FuzzCase } from './cases.ts';
import { kindOf } from './guard.ts';
import { answerOddly, hostileTexts, pick } from './mutations.ts';

const group = (name: string) => ({
  id: `/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/${name}`,
  name,
  location: 'westeurope',
});

const state = { state: 'Running', startTime: '2026-01-01T00:00:00Z', detailStatus: '' };
const container = {
  name: 'web',
  properties: {
    image: 'nginx',
    instanceView: { restartCount: 1, currentState: state, previousState: { ...state, exitCode: 1 } },
  },
};

/** What Azure would answer each operation. */
const bodies: Readonly<Record<string, unknown>> = {
  tenants: { value: [{ tenantId: 't', displayName: 'T' }] },
  subscriptions: { value: [{ subscriptionId: 's', displayName: 'S', state: 'Enabled' }] },
  resources: { value: [group('a'), group('b')], nextLink: 'https://elsewhere.example/next' },
  resourceGraph: {
    totalRecords: 2,
    count: 2,
    data: [group('a'), group('b')],
    $skipToken: 'more',
    resultTruncated: 'false',
  },
  get: {
    ...group('shop-web'),
    properties: {
      osType: 'Linux',
      provisioningState: 'Succeeded',
      containers: [container],
      initContainers: [container],
      instanceView: { state: 'Running' },
    },
  },
  exec: { webSocketUri: 'wss://127.0.0.1/exec', password: 'secret[[EOM]]' },
  attach: { webSocketUri: 'wss://127.0.0.1/logstream', password: 'secret[[EOM]]' },
  metrics: {
    value: [
      {
        name: { value: 'CpuUsage' },
        timeseries: [
          {
            metadatavalues: [{ name: { value: 'containername' }, value: 'web' }],
            data: [{ timeStamp: '2026-01-01T00:00:00Z', average: 12.5 }],
          },
        ],
      },
    ],
  },
};

const names = Object.keys(operations);

/** Any answer to any operation: it comes to a value of its type, or to an error in our words, and a cancelled call ends. */
export const answers: FuzzCase = async ({ random, server, count }) => {
  const name = names[random.below(names.length)] ?? '';
  const { operation, shape, call: send } = operations[name] ?? assert.fail(name);
  server.behaviour = {
    request: (_request, _body, response) => answerOddly(random, bodies[operation], response),
    upgrade: (_request, socket) => socket.destroy(),
  };
  const cloud = cloudFromSettings('custom', customEnvironment(`https://${server.host}`));
  const token = {
    token: pick(random, ['token', ...hostileTexts.slice(0, 2)]),
    expiresOnTimestamp: Date.now() + 3_600_000,
  };
  const timeoutSeconds = random.below(3) === 0 ? 0.05 : 60;
  const client = new ResourceManagerClient(
    cloud,
    { getToken: () => Promise.resolve(token) },
    { timeoutSeconds },
  );
  const controller = new AbortController();
  const call = send(client, controller.signal).then(
    (value) => {
      assert.ok(hasShape(value, shape), `${name}: ${JSON.stringify(value).slice(0, 1_000)}`);
      count('answered');
    },
    (error: unknown) => count(kindOf(error)),
  );
  await Promise.race([call, delay(random.below(200), undefined, { ref: false })]);
  controller.abort();
  await inTime(call);
};
