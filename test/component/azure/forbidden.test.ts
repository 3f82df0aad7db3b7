import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { AzureError } from '../../../src/azure/errors.ts';
import type { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import { roleWith } from '../../../src/azure/roles.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { Operation } from '../../emulator/faults.ts';
import { clientOf, operations, trust } from './operations.ts';

const provider = 'Microsoft.ContainerInstance/containerGroups';
const contributor = 'Azure Container Instances Contributor Role';
const id = `/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg-shop/providers/${provider}/shop-web`;
const never = new AbortController().signal;

/** What a refused account is told for each operation: the action that it lacks, and a role that has it. */
const expected: Readonly<Record<string, readonly [action: string, role: string]>> = {
  tenants: ['Microsoft.Resources/tenants/read', 'Reader'],
  subscriptions: ['Microsoft.Resources/subscriptions/read', 'Reader'],
  'container groups': ['Microsoft.Resources/subscriptions/resources/read', 'Reader'],
  'Resource Graph': ['Microsoft.ResourceGraph/resources/read', 'Reader'],
  registry: ['Microsoft.ResourceGraph/resources/read', 'Reader'],
  'a container group': [`${provider}/read`, 'Reader'],
  'a container group as it is answered': [`${provider}/read`, 'Reader'],
  metrics: ['Microsoft.Insights/metrics/read', 'Reader'],
  exec: [`${provider}/containers/exec/action`, contributor],
  logs: [`${provider}/containers/logs/read`, 'Reader'],
  attach: [`${provider}/containers/attach/action`, contributor],
  start: [`${provider}/start/action`, contributor],
  stop: [`${provider}/stop/action`, contributor],
  restart: [`${provider}/restart/action`, contributor],
  delete: [`${provider}/delete`, contributor],
};

const verbs = ['start', 'stop', 'restart', 'delete'] as const;
const calls: Readonly<
  Record<
    string,
    { readonly operation: Operation; readonly call: (client: ResourceManagerClient) => Promise<unknown> }
  >
> = {
  ...operations,
  logs: {
    operation: 'logs',
    call: ({ containers }) =>
      containers.listLogs({ groupId: id, container: 'shop-web', timestamps: false }, never),
  },
  ...Object.fromEntries(
    verbs.map((verb) => [
      verb,
      {
        operation: verb,
        call: ({ containerGroups }: ResourceManagerClient) => containerGroups.operate(verb, id, never),
      },
    ]),
  ),
};

let emulator: Emulator;
before(async () => {
  emulator = await startEmulator();
  trust(emulator);
});
after(() => emulator.close());
beforeEach(() => emulator.reset());

describe('403 names the missing action and a role that has it', () => {
  for (const [name, { operation, call }] of Object.entries(calls)) {
    it(name, async () => {
      emulator.addFault({
        ...{ operation, times: 'always', kind: 'status', status: 403 },
        ...{ code: 'AuthorizationFailed', message: 'No.' },
      });
      await assert.rejects(call(clientOf(emulator)), (error: unknown) => {
        assert.ok(error instanceof AzureError && error.problem.kind === 'forbidden');
        const { action = '' } = error.problem;
        assert.deepEqual([action, roleWith(action)], expected[name]);
        return true;
      });
    });
  }
});
