import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  containerCan,
  containerCommand,
  containerVerbs,
  groupCan,
  groupCommand,
  groupVerbs,
} from '../../../src/azure/cliCommands.ts';
import { toContainerGroup } from '../../../src/azure/containerGroups.ts';

const group = (state: string, container: string) =>
  toContainerGroup(
    {
      containers: [{ name: 'web', instanceView: { currentState: { state: container } } }],
      instanceView: { state },
    },
    '/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g',
  );

describe('commands of the Azure CLI', () => {
  it('name the subscription, the group and the container', () => {
    const running = group('Running', 'Running');
    const [container] = running.containers;
    assert.ok(container);
    assert.equal(groupCommand('show', running).join(' '), 'az container show --subscription s-1 -g rg -n g');
    assert.equal(
      containerCommand('logs', running, container, '').join(' '),
      'az container logs --subscription s-1 -g rg -n g --container-name web',
    );
    assert.deepEqual(containerCommand('exec', running, container, '/bin/sh -l').slice(-2), [
      '--exec-command',
      '/bin/sh -l',
    ]);
  });

  it('are those that do something in the present state', () => {
    for (const [state, container, verbs] of [
      ['Running', 'Running', ['show', 'stop', 'restart', 'delete', 'exec', 'attach', 'logs']],
      ['Stopped', 'Terminated', ['show', 'start', 'delete', 'logs']],
      ['Succeeded', 'Terminated', ['show', 'start', 'restart', 'delete', 'logs']],
    ] as const) {
      const made = group(state, container);
      const able = [
        ...groupVerbs.filter((verb) => groupCan(verb, made)),
        ...containerVerbs.filter((verb) => made.containers.some((one) => containerCan(verb, one))),
      ];
      assert.deepEqual(able, verbs);
    }
  });
});
