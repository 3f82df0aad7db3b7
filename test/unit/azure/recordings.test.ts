import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { toSummary } from '../../../src/azure/containerGroups.ts';
import { readGroup, recordedGroups } from '../../recordings/groups.ts';

// Present in some surroundings only; the bodies that matter most are below as well.
const recordings = recordedGroups(path.resolve(import.meta.dirname, '../../../../shared/azure'));

describe('recorded bodies', () => {
  for (const { file, groups } of recordings) {
    it(file, async () => {
      for (const body of groups) {
        const group = await readGroup(body);
        assert.equal(group.name, body.id.split('/').at(-1));
        assert.deepEqual(
          group.containers.map(({ name }) => name),
          body.properties.containers.map(({ name }) => name),
        );
        assert.equal(toSummary(body)?.id, body.id);
      }
    });
  }
});

describe('container group bodies', () => {
  const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g';

  it('a stopped container has no exit code, and none is invented', async () => {
    const group = await readGroup({
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
    const group = await readGroup({ id, name: 'g', properties: { containers: [{ name: 'c' }] } });
    assert.equal(group.containers[0]?.current, undefined);
    assert.equal(group.state, undefined);
  });
});
