import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import { toContainerGroup, toSummary } from '../../../src/azure/containerGroups.ts';

const shared = path.resolve(import.meta.dirname, '../../../../shared/azure');
const folders = ['recordings', 'spec/examples-2025-09-01']
  .map((folder) => path.join(shared, folder))
  .filter(existsSync);

interface GroupBody {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly containers: readonly { readonly name: string; readonly properties?: object }[];
  };
}

/** Every container group anywhere in a JSON value. */
function groupsIn(value: unknown): GroupBody[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const own =
    'id' in value &&
    'properties' in value &&
    typeof value.id === 'string' &&
    value.id.includes('/containerGroups/') &&
    'name' in value
      ? [value as GroupBody] // the recordings are ours to trust, and the assertions read every field
      : [];
  return [...own, ...Object.values(value).flatMap(groupsIn)];
}

/** Reads a body exactly as a GET would: through the SDK's own deserializer. */
async function get(body: GroupBody) {
  const answer: PipelinePolicy = {
    name: 'answer',
    async sendRequest(request) {
      const { createHttpHeaders } = await import('@azure/core-rest-pipeline');
      return { request, status: 200, headers: createHttpHeaders(), bodyAsText: JSON.stringify(body) };
    },
  };
  const client = new ContainerInstanceManagementClient(
    { getToken: () => Promise.resolve({ token: 'x', expiresOnTimestamp: Date.now() + 3_600_000 }) },
    '00000000-0000-0000-0000-000000000000',
    { apiVersion: '2025-09-01', additionalPolicies: [{ policy: answer, position: 'perRetry' }] },
  );
  return toContainerGroup(await client.containerGroups.get('rg', 'g'), body.id);
}

// Present in the project's own surroundings only; the bodies that matter most are below as well.
for (const folder of folders) {
  describe(`recorded bodies in ${path.basename(folder)}`, () => {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      const bodies = groupsIn(JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
      if (bodies.length > 0) {
        it(file, async () => {
          for (const body of bodies) {
            const group = await get(body);
            assert.equal(group.name, body.name);
            assert.deepEqual(
              group.containers.map(({ name }) => name),
              body.properties.containers.map(({ name }) => name),
            );
            assert.equal(toSummary(body)?.id, body.id);
          }
        });
      }
    }
  });
}

describe('container group bodies', () => {
  const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g';

  it('a stopped container has no exit code, and none is invented', async () => {
    const group = await get({
      id,
      name: 'g',
      properties: {
        containers: [
          {
            name: '1',
            // Azure PowerShell's recording of Stop-AzContainerGroup, 2024-10-31
            properties: {
              image: 'i',
              instanceView: {
                restartCount: 0,
                currentState: {
                  state: 'Terminated',
                  finishTime: '2024-10-31T05:12:10.7524476Z',
                  detailStatus: 'Container stopped per client request',
                },
              },
            },
          },
        ],
      },
    });
    assert.equal(group.containers[0]?.current?.state, 'Terminated');
    assert.equal(group.containers[0].current.exitCode, undefined);
    assert.equal(group.containers[0].current.finishTime?.getUTCFullYear(), 2024);
  });

  it('survives a body with nothing but an id and an unknown state', async () => {
    const group = await get({ id, name: 'g', properties: { containers: [{ name: 'c' }] } });
    assert.equal(group.containers[0]?.current, undefined);
    assert.equal(group.state, undefined);
  });
});
