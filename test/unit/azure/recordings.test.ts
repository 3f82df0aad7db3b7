import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
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

  const state = fc.record(
    {
      state: fc.oneof(fc.constantFrom('Running', 'Waiting', 'Terminated', 'Hibernating', ''), fc.string()),
      detailStatus: fc.string(),
      exitCode: fc.integer(),
      startTime: fc.constantFrom('2024-10-31T05:12:10.7524476Z', 'yesterday', ''),
      finishTime: fc.constantFrom('2024-10-31T05:12:10.7524476Z', 'tomorrow'),
      somethingNew: fc.anything(),
    },
    { requiredKeys: [] },
  );
  const container = fc.record(
    {
      name: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?$/),
      properties: fc.record(
        {
          image: fc.string(),
          command: fc.constantFrom([], ['sleep', '1']),
          ports: fc.constantFrom([], [{ port: 80 }, {}]),
          resources: fc.constantFrom(null, {}, { requests: { cpu: 1.5, memoryInGB: null } }),
          environmentVariables: fc.constantFrom([], [{ name: 'A' }, {}]),
          instanceView: fc.record(
            { restartCount: fc.nat(), currentState: state, previousState: state, events: fc.constant([{}]) },
            { requiredKeys: [] },
          ),
          somethingNew: fc.anything(),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['name'] },
  );
  const body = fc.record(
    {
      id: fc.constant(id),
      name: fc.constant('g'),
      location: fc.string(),
      tags: fc.constantFrom({}, { a: 'b' }, null),
      sku: fc.constant('Tomorrow'),
      properties: fc.record(
        {
          containers: fc.uniqueArray(container, { maxLength: 60, selector: ({ name }) => name }),
          initContainers: fc.uniqueArray(container, { maxLength: 3, selector: ({ name }) => name }),
          provisioningState: fc.string(),
          osType: fc.constantFrom('Linux', 'Windows', 'Plan9'),
          instanceView: fc.record({ state: fc.string(), events: fc.constant([]) }, { requiredKeys: [] }),
          ipAddress: fc.constantFrom({}, null, { ip: '20.1.2.3', ports: [{ port: 80 }, {}, { port: 0 }] }),
          restartPolicy: fc.string(),
          somethingNew: fc.anything(),
        },
        { requiredKeys: ['containers'] },
      ),
      somethingNew: fc.anything(),
    },
    { requiredKeys: ['id', 'name', 'properties'] },
  );

  it('are read whatever is missing, new or odd in them, with every container by its name', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const group = await readGroup(sent);
        assert.equal(group.id, id);
        assert.deepEqual(
          group.containers.map(({ name }) => name),
          sent.properties.containers.map(({ name }) => name),
        );
        assert.equal(group.initContainers.length, sent.properties.initContainers?.length ?? 0);
        for (const { current } of [...group.containers, ...group.initContainers]) {
          // A date that is none would be shown as "Invalid Date".
          assert.ok(current?.finishTime === undefined || !Number.isNaN(current.finishTime.getTime()));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('resource ids', () => {
  const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
  // Azure: letters and digits of any language, underscore, parentheses, hyphen and period, but none at the end.
  const resourceGroup = fc.stringMatching(/^[\p{L}\p{Nd}_().-]{0,88}[\p{L}\p{Nd}_()-]$/u);

  it('give their parts back for every name that Azure allows', () => {
    fc.assert(
      fc.property(fc.uuid(), resourceGroup, name, (subscriptionId, group, own) => {
        const id = `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.ContainerInstance/containerGroups/${own}`;
        const summary = toSummary({ id, location: 'westeurope' });
        assert.deepEqual(summary, {
          id,
          subscriptionId,
          resourceGroup: group,
          name: own,
          location: 'westeurope',
        });
      }),
    );
  });
});
