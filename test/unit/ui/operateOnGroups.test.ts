import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { CancellationToken, Progress, ProgressOptions } from 'vscode';
import { toContainerGroup } from '../../../src/azure/containerGroups.ts';
import type { GroupVerb, OperationPhase } from '../../../src/azure/groupVerbs.ts';
import { cancellation, onAbort } from '../../../src/base/cancellation.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';
import type { ListingSource } from '../../../src/inventory/listing.ts';
import { Log, shown } from '../../support/vscode.ts';

const vscode = await import('vscode');
const { operateOnGroups } = await import('../../../src/ui/commands/operateOnGroups.ts');
const { ContainerGroupNode } = await import('../../../src/ui/tree/containerGroupNode.ts');

const ignore = () => undefined;

const groupOf = (name: string, state = 'Running') =>
  toContainerGroup(
    { location: 'x', containers: [{ name, image: 'x' }], instanceView: { state } },
    `/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/${name}`,
  );

/** What each group's request has come to when the user cancels, by its name; undefined before there is one. */
type Phases = Readonly<Record<string, OperationPhase | undefined>>;

/** Does something to groups, and cancels it in its notification; gives all that was shown. */
async function cancelled(verb: GroupVerb, phases: Phases): Promise<readonly string[]> {
  const groups = Object.keys(phases).map((name) => groupOf(name));
  const operate = (
    _verb: GroupVerb,
    id: string,
    signal: AbortSignal,
    onPhase: (phase: OperationPhase) => void,
  ) => {
    const phase = phases[id.split('/').at(-1) ?? ''];
    if (phase !== undefined) {
      onPhase(phase);
    }
    return new Promise((_resolve, reject) => onAbort(signal, () => reject(cancellation())));
  };
  const get = (id: string) => Promise.resolve(groups.find((group) => group.id === id));
  const source = {
    clientFor: () => Promise.resolve({ containerGroups: { operate, get } }),
  } as unknown as ListingSource; // as much of it as is asked for
  const inventory = new Inventory(() => Promise.resolve(source));
  const services = {
    inventory,
    log: new Log({ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore }),
    terminalsOn: () => 0,
  };
  const rows = groups.map((group) => new ContainerGroupNode(group, inventory));
  const none = { isOffered: () => true, none: 'none' };
  const done = operateOnGroups(
    [rows[0], rows],
    { verb, action: 'x', title: 'x', offer: none, asks: 'never' },
    services,
  );
  await setImmediate();
  await setImmediate();
  mock.timers.tick(2_000);
  cancel();
  await done;
  inventory.dispose();
  return shown.map(([surface, text]) => `${surface}: ${text}`);
}

let cancel: () => void = () => undefined;
describe('operations on groups', () => {
  beforeEach(() => {
    shown.length = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
    const withProgress = <T>(
      { title }: ProgressOptions,
      work: (progress: Progress<{ message?: string }>, token: CancellationToken) => Thenable<T>,
    ) => {
      const report = ({ message }: { message?: string }) =>
        void shown.push(['progress', `${title}: ${message}`]);
      const onCancellationRequested = (listener: () => void) => {
        cancel = listener;
        return { dispose: () => undefined };
      };
      return work({ report }, {
        isCancellationRequested: false,
        onCancellationRequested,
      } as CancellationToken); // all that is read
    };
    mock.method(vscode.window, 'withProgress', withProgress);
  });
  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  describe('an operation that is cancelled', () => {
    const cases: readonly (readonly [string, Phases, string])[] = [
      [
        'before Azure is asked: nothing was started',
        { a: undefined },
        'Nothing was started for container group "a".',
      ],
      [
        'while Azure puts it off: nothing was started',
        { a: 'waiting' },
        'Nothing was started for container group "a".',
      ],
      [
        'before the answer: nobody knows',
        { a: 'asked' },
        'Azure had not answered yet for container group "a"; the list shows whether it begins.',
      ],
      [
        'once Azure has accepted it: Azure goes on',
        { a: 'accepted' },
        'Azure goes on with container group "a"; the list shows when it is done.',
      ],
      [
        'several: each as it is',
        { a: 'accepted', b: 'waiting', c: 'accepted' },
        'Azure goes on with 2 container groups; the list shows when it is done. Nothing was started for container group "b".',
      ],
    ];
    for (const [name, phases, text] of cases) {
      it(name, async () => {
        const texts = await cancelled('stop', phases);
        assert.deepEqual(
          texts.filter((each) => each.startsWith('notification')),
          [`notification: ${text}`],
        );
      });
    }
  });

  describe('the notification of an operation', () => {
    for (const [verb, cost] of [
      ['start', /pulls the images again.*billing begins/],
      ['stop', /ends billing.*IP address may change/],
      ['restart', /pulls the images again.*is lost/],
    ] as const) {
      it(`says what it costs: ${verb}`, async () => {
        const [first] = await cancelled(verb, { a: 'accepted' });
        assert.match(first ?? '', cost);
      });
    }
  });
});
