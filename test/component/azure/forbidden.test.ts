import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { AzureError } from '../../../src/azure/errors.ts';
import { roleWith } from '../../../src/azure/roles.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { allOperations, clientOf, trust } from './operations.ts';

const provider = 'Microsoft.ContainerInstance/containerGroups';
const contributor = 'Azure Container Instances Contributor Role';

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
  'an operation that goes on': ['Microsoft.ContainerInstance/locations/operations/read', 'Reader'],
};

let emulator: Emulator;
before(async () => {
  emulator = await startEmulator();
  trust(emulator);
});
after(() => emulator.close());
beforeEach(() => emulator.reset());

describe('403 names the missing action and a role that has it', () => {
  for (const [name, { operation, call }] of Object.entries(allOperations)) {
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
