import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { toContainerGroup, type ContainerGroup } from '../../../src/azure/containerGroups.ts';
import {
  containerVerdict,
  containerWithLog,
  groupVerdict,
  verdictOn,
  type Verdict,
} from '../../../src/azure/verdict.ts';
import { readGroup, recordedGroups } from '../../recordings/groups.ts';

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g';

/** What one container has, and its group. */
interface Facts {
  readonly current?: object;
  readonly previous?: object;
  readonly restarts?: number;
  readonly events?: readonly object[];
  readonly group?: object;
}

/** A group of one container, with times as the SDK reads them. */
function groupWith({ current, previous, restarts = 0, events = [], group = {} }: Facts): ContainerGroup {
  const instanceView = { currentState: current, previousState: previous, restartCount: restarts, events };
  return toContainerGroup({ osType: 'Linux', containers: [{ name: 'c', instanceView }], ...group }, id);
}

const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 8, minute));

function event(name: string, minute: number, message = '', type = 'Normal') {
  return { name, message, type, count: 1, firstTimestamp: at(minute), lastTimestamp: at(minute) };
}

/** What a verdict is, in short. */
function summary(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'ended':
      return `ended ${verdict.exit.reason}${verdict.isRestarted ? ' and comes back' : ''}`;
    case 'restarting':
      return `${verdict.backsOff ? 'crashes' : 'restarting'} ${verdict.exit?.reason ?? '?'}`;
    case 'notStarted':
      return `obstacle ${verdict.obstacle.kind}`;
    case 'starting':
      return verdict.isPulling ? 'pulling' : 'starting';
    case 'changing':
      return `changing ${verdict.state}`;
    case 'waitsForInit':
      return `waits for ${verdict.container.name}: ${summary(verdict.verdict)}`;
    case 'ofContainer':
      return `${verdict.container.name}: ${summary(verdict.verdict)}`;
    case 'unknown':
      return `unknown ${verdict.state ?? '-'} ${verdict.detail}`.trim();
    default:
      return verdict.kind;
  }
}

const waiting = { state: 'Waiting', detailStatus: '' };
const running = { state: 'Running', startTime: at(10), detailStatus: '' };
const ended = (exitCode: number, detailStatus = 'Error') => ({
  state: 'Terminated',
  startTime: at(10),
  finishTime: at(20),
  exitCode,
  detailStatus,
});
const pulling = event('Pulling', 1, 'pulling image "web:2"');
const pullFails = (why: string, minute = 2) =>
  event('Failed', minute, `Failed to pull image "web:2": ${why}`, 'Warning');

/** The verdict on the container, and on its group where that is another one. */
const table: readonly (readonly [name: string, facts: Facts, container: string, group?: string])[] = [
  ['a running one', { current: running }, 'running'],
  ['a finished job', { current: ended(0), group: { restartPolicy: 'Never' } }, 'ended success'],
  [
    'a service that ended',
    { current: ended(0), group: { restartPolicy: 'Always' } },
    'ended success and comes back',
  ],
  ['a failed job', { current: ended(1), group: { restartPolicy: 'Never' } }, 'ended error', 'c: ended error'],
  [
    'a failed job that is tried again',
    { current: ended(1), group: { restartPolicy: 'OnFailure', instanceView: { state: 'Running' } } },
    'ended error and comes back',
    'c: ended error and comes back',
  ],
  [
    'a failed job in a group that is over',
    { current: ended(1), group: { restartPolicy: 'OnFailure', instanceView: { state: 'Failed' } } },
    'ended error',
    'c: ended error',
  ],
  [
    'stopped on request',
    { current: { state: 'Terminated', detailStatus: 'Container stopped per client request' } },
    'stopped',
  ],
  [
    'in a stopped group without an exit code',
    { current: { state: 'Terminated' }, group: { instanceView: { state: 'Stopped' } } },
    'stopped',
  ],
  [
    'finished before its group was stopped',
    { current: ended(0), group: { restartPolicy: 'Always', instanceView: { state: 'Stopped' } } },
    'ended success',
    'stopped',
  ],
  // Praqma/Network-MultiTool#25
  [
    'crashing',
    {
      current: { state: 'Waiting', detailStatus: 'CrashLoopBackOff: Back-off restarting failed' },
      previous: ended(1),
      restarts: 4,
    },
    'crashes error',
    'c: crashes error',
  ],
  [
    'ended and waiting for its next start',
    { current: waiting, previous: ended(3), restarts: 1 },
    'restarting error',
    'c: restarting error',
  ],
  [
    'started after it was stopped',
    {
      current: waiting,
      previous: { state: 'Terminated', detailStatus: 'Container stopped per client request' },
      restarts: 3,
      group: { provisioningState: 'Pending' },
    },
    'starting',
  ],
  [
    'a job that is started anew',
    { current: waiting, previous: ended(0), group: { provisioningState: 'Pending' } },
    'starting',
  ],
  ['an image being pulled', { current: waiting, events: [pulling] }, 'pulling'],
  // MicrosoftDocs/azure-docs, container-instances-troubleshooting.md
  [
    'an image that is not there',
    {
      current: waiting,
      events: [
        pulling,
        pullFails('rpc error: code 2 desc Error: image t/web:latest not found'),
        event('BackOff', 3, 'Back-off pulling image "web:2"'),
      ],
    },
    'obstacle imageNotFound',
    'c: obstacle imageNotFound',
  ],
  [
    'an image that is not given',
    { current: waiting, events: [pullFails('unauthorized: authentication required')] },
    'obstacle imageDenied',
    'c: obstacle imageDenied',
  ],
  [
    'an image that is not given or not there, as Docker Hub has it',
    {
      current: waiting,
      events: [
        pullFails("pull access denied for web, repository does not exist or may require 'docker login'"),
      ],
    },
    'obstacle imageInaccessible',
    'c: obstacle imageInaccessible',
  ],
  [
    'too many pulls',
    { current: waiting, events: [pullFails('toomanyrequests: You have reached your pull rate limit')] },
    'obstacle imagePullsLimited',
    'c: obstacle imagePullsLimited',
  ],
  [
    'an image of which only the state tells',
    { current: { state: 'Waiting', detailStatus: 'ImagePullBackOff: Back-off pulling image "web:2"' } },
    'obstacle imageInaccessible',
    'c: obstacle imageInaccessible',
  ],
  [
    'an image that was pulled in the end',
    { current: waiting, events: [pullFails('not found'), event('Pulled', 4)] },
    'starting',
  ],
  [
    'an image that is no longer there at a restart',
    {
      current: waiting,
      previous: ended(0),
      restarts: 1,
      events: [event('Started', 1), pullFails('manifest unknown', 30)],
    },
    'obstacle imageNotFound',
    'c: obstacle imageNotFound',
  ],
  // MicrosoftDocs/azure-docs#70920
  [
    'a share that cannot be mounted',
    {
      current: waiting,
      group: {
        instanceView: {
          events: [event('FailedMountAzureFileVolume', 5, 'Failed to mount Azure File Volume.', 'Warning')],
        },
      },
    },
    'obstacle mount',
    'obstacle mount',
  ],
  [
    'a share that was mounted in the end',
    {
      current: waiting,
      group: {
        instanceView: {
          events: [
            event('FailedMountAzureFileVolume', 5, '', 'Warning'),
            event('SuccessfulMountAzureFileVolume', 6, 'Successfully mounted Azure File Volume.'),
          ],
        },
      },
    },
    'starting',
  ],
  // MicrosoftDocs/azure-docs#51738
  [
    'a quota',
    {
      current: waiting,
      group: {
        provisioningState: 'Failed',
        instanceView: {
          events: [
            event(
              'Failed',
              5,
              "container group quota 'StandardCores' exceeded in region 'eastus'.",
              'Warning',
            ),
          ],
        },
      },
    },
    'obstacle quota',
    'obstacle quota',
  ],
  [
    'no room in the region',
    {
      current: waiting,
      events: [
        event(
          'Failed',
          5,
          "The requested resource is not available in the location 'westeurope' at this moment.",
          'Warning',
        ),
      ],
    },
    'obstacle capacity',
    'c: obstacle capacity',
  ],
  [
    'a warning that nobody knows',
    { current: waiting, events: [event('FuelIsLow', 5, 'Only 3 % left', 'Warning')] },
    'obstacle other',
    'c: obstacle other',
  ],
  ['an event that nobody knows', { current: waiting, events: [event('FuelIsFine', 5)] }, 'starting'],
  [
    'a reason that nobody knows',
    { current: { state: 'Waiting', detailStatus: 'Asleep: until spring' } },
    'unknown Waiting Asleep: until spring',
    'unknown - ',
  ],
  ['a state that nobody knows', { current: { state: 'Hibernating' } }, 'unknown Hibernating', 'unknown -'],
  ['nothing at all', {}, 'unknown -'],
  [
    'a failure without a reason',
    { current: waiting, group: { provisioningState: 'Failed' } },
    'provisioningFailed',
  ],
  ['a group that is created', { group: { provisioningState: 'Pending' } }, 'starting'],
  [
    'a group that is moved',
    { current: waiting, group: { provisioningState: 'Repairing' } },
    'changing Repairing',
  ],
  [
    'a group that is deleted',
    { current: running, group: { provisioningState: 'Deleting' } },
    'running',
    'changing Deleting',
  ],
  // Restart-AzContainerGroup recording
  [
    'a group that is restarted',
    { current: running, group: { provisioningState: 'Updating' } },
    'running',
    'changing Updating',
  ],
  // Azure/ACS#127
  [
    'ended in a group that is said to run',
    { current: ended(0), group: { restartPolicy: 'Always', instanceView: { state: 'Running' } } },
    'ended success and comes back',
  ],
];

describe('the verdict on', () => {
  for (const [name, facts, expected, ofGroup = expected] of table) {
    it(name, () => {
      const group = groupWith(facts);
      const [container] = group.containers;
      assert.ok(container);
      assert.deepEqual(
        [summary(containerVerdict(group, container)), summary(groupVerdict(group))],
        [expected, ofGroup.trim()],
      );
    });
  }

  it('a container that waits for an init container is that of the init container too', () => {
    const init = (name: string, currentState: object) => ({ name, instanceView: { currentState } });
    const group = groupWith({
      current: waiting,
      group: {
        restartPolicy: 'Never',
        initContainers: [init('first', ended(0)), init('second', ended(127)), init('third', waiting)],
      },
    });
    const all = [...group.initContainers, ...group.containers];
    assert.deepEqual(
      all.map((container) => summary(containerVerdict(group, container))),
      [
        'ended success',
        'ended commandNotFound',
        'waits for second: ended commandNotFound',
        'waits for second: ended commandNotFound',
      ],
    );
    assert.equal(summary(groupVerdict(group)), 'second: ended commandNotFound');
    // An init container has no log of its own.
    assert.equal(containerWithLog({ group, container: undefined }), undefined);
  });

  it('a group names the container that is worst off', () => {
    const of = (name: string, currentState: object, previousState?: object) => ({
      name,
      instanceView: { currentState, previousState, restartCount: 1 },
    });
    const group = groupWith({
      group: {
        restartPolicy: 'Always',
        containers: [
          of('web', running),
          of('done', ended(0)),
          of('failed', ended(1)),
          of('crashing', { state: 'Waiting', detailStatus: 'CrashLoopBackOff' }, ended(139)),
        ],
      },
    });
    assert.equal(summary(groupVerdict(group)), 'crashing: crashes invalidMemoryAccess');
    assert.equal(containerWithLog({ group, container: undefined })?.name, 'crashing');
  });

  it('a group whose containers run is since when the first of them does', () => {
    const of = (name: string, minute: number) => ({
      name,
      instanceView: { currentState: { ...running, startTime: at(minute) }, restartCount: 2 },
    });
    const verdict = groupVerdict(groupWith({ group: { containers: [of('a', 9), of('b', 7)] } }));
    assert.deepEqual(verdict, { kind: 'running', since: at(7), restarts: 4, lastExit: undefined });
  });
});

describe('an exit code', () => {
  const exits: readonly (readonly [osType: string, code: number, reason: string, facts?: Facts])[] = [
    ['Linux', 0, 'success'],
    ['Linux', 1, 'error'],
    ['Linux', 2, 'wrongArguments'],
    ['Windows', 2, 'error'],
    ['Linux', 126, 'notExecutable'],
    ['Linux', 127, 'commandNotFound'],
    ['Linux', 130, 'interrupted'],
    ['Linux', 134, 'aborted'],
    ['Linux', 137, 'killed'],
    ['Windows', 137, 'error'],
    ['Linux', 137, 'outOfMemory', { current: ended(137, 'OOMKilled') }],
    [
      'Linux',
      137,
      'outOfMemory',
      { current: ended(137), events: [event('Killed', 20, 'OOMKilled', 'Warning')] },
    ],
    // Of the run before, which began at minute 10, or of the next one.
    ['Linux', 137, 'killed', { current: ended(137), events: [event('Pulled', 20, 'image chatroom:1')] }],
    ['Linux', 137, 'killed', { current: ended(137), events: [event('Killed', 9, 'OOMKilled', 'Warning')] }],
    ['Linux', 137, 'killed', { current: ended(137), events: [event('Killed', 21, 'OOMKilled', 'Warning')] }],
    [
      'Linux',
      137,
      'probeFailed',
      { current: ended(137), events: [event('Unhealthy', 19, 'Liveness probe failed: HTTP 500', 'Warning')] },
    ],
    ['Linux', 139, 'invalidMemoryAccess'],
    ['Linux', 143, 'terminated'],
    ['Linux', 141, 'signal'],
    ['Linux', 192, 'signal'],
    ['Linux', 193, 'error'],
    ['Linux', 255, 'error'],
    [
      'Linux',
      128,
      'commandNotFound',
      { current: ended(128, 'ContainerCannotRun: exec: "web": executable file not found in $PATH') },
    ],
    ['Linux', 7147, 'maintenance'],
    ['Linux', 7148, 'maintenance'],
    ['Windows', 0xc0000005, 'invalidMemoryAccess'],
    ['Windows', -1073741819, 'invalidMemoryAccess'],
    ['Windows', 0xc0000135, 'missingLibrary'],
    ['Windows', 0xc0000142, 'libraryFailed'],
    ['Windows', 0xc00000fd, 'stackOverflow'],
    ['Windows', 0xc000013a, 'interrupted'],
    ['Windows', 0xc0001234, 'windowsError'],
    ['Windows', 0xe0434352, 'unhandledException'],
    ['Windows', -1, 'error'],
    ['', 2 ** 40, 'error'],
    ['', -(2 ** 40), 'error'],
  ];
  for (const [osType, code, reason, facts] of exits) {
    it(`${code} of ${osType} is ${reason}`, () => {
      const group = groupWith({ current: ended(code), ...facts, group: { osType, restartPolicy: 'Never' } });
      const [container] = group.containers;
      assert.ok(container);
      const verdict = containerVerdict(group, container);
      assert.deepEqual(verdict.kind === 'ended' ? verdict.exit : verdict, { reason, code });
    });
  }
});

describe('recorded bodies have the verdict', () => {
  const verdicts = async (body: Parameters<typeof readGroup>[0]) => {
    const group = await readGroup(body);
    return [
      groupVerdict(group),
      ...group.containers.map((container) => containerVerdict(group, container)),
    ].map(summary);
  };

  it('stopped, of Stop-AzContainerGroup', async () => {
    const instanceView = {
      restartCount: 0,
      currentState: {
        state: 'Terminated',
        finishTime: '2024-10-31T05:12:10.7524476Z',
        detailStatus: 'Container stopped per client request',
      },
      previousState: { state: 'Running', startTime: '2024-10-31T05:10:35.441Z', detailStatus: '' },
      events: [
        {
          count: 2,
          firstTimestamp: '2024-10-31T05:10:33Z',
          lastTimestamp: '2024-10-31T05:10:33Z',
          name: 'Killing',
          message: 'Killing container bez-test-ci (platform initiated).',
          type: 'Normal',
        },
      ],
    };
    const body = {
      id,
      name: 'g',
      properties: {
        provisioningState: 'Succeeded',
        containers: [{ name: 'bez-test-ci', properties: { instanceView } }],
        instanceView: { events: [], state: 'Stopped' },
      },
    };
    assert.deepEqual(await verdicts(body), ['stopped', 'stopped']);
  });

  it('a volume that cannot be mounted, of the specification’s example, whose event is called normal', async () => {
    const event = {
      count: 1,
      firstTimestamp: '2017-10-08T00:19:10Z',
      lastTimestamp: '2017-10-08T00:19:10Z',
      message: 'Output: mount error(2): Permission denied',
      name: 'FailedMount',
      type: 'Normal',
    };
    const state = { state: 'Waiting', startTime: '2017-08-08T00:09:10Z', detailStatus: '' };
    const body = {
      id,
      name: 'g',
      properties: {
        provisioningState: 'Failed',
        containers: [{ name: 'demo1', properties: { instanceView: { currentState: state } } }],
        instanceView: { events: [event], state: 'Pending' },
      },
    };
    assert.deepEqual(await verdicts(body), ['obstacle mount', 'obstacle mount']);
  });

  // Present in some surroundings only.
  for (const { file, groups } of recordedGroups(
    path.resolve(import.meta.dirname, '../../../../shared/azure'),
  )) {
    it(`of ${file}, and one that is known`, async () => {
      for (const body of groups) {
        const found = await verdicts(body);
        const hasStates = JSON.stringify(body).includes('currentState');
        assert.ok(!hasStates || found.every((one) => !one.startsWith('unknown')), found.join());
      }
    });
  }
});

describe('any group', () => {
  const time = fc.oneof(
    fc.date({ noInvalidDate: true }),
    fc.constant(new Date(Number.NaN)),
    fc.constant('today'),
  );
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'CrashLoopBackOff: Back-off',
      'OOMKilled',
      'Failed to pull image "x": denied',
      'quota exceeded',
      'mount error(2)',
    ),
  );
  const state = fc.record(
    {
      state: fc.oneof(fc.constantFrom('Running', 'Waiting', 'Terminated'), fc.string()),
      detailStatus: words,
      exitCode: fc.oneof(fc.constantFrom(0, 1, 137, -1073741819), fc.integer(), fc.double(), fc.string()),
      startTime: time,
      finishTime: time,
    },
    { requiredKeys: [] },
  );
  const anEvent = fc.oneof(
    fc.anything(),
    fc.record(
      {
        name: fc.oneof(fc.constantFrom('Started', 'Pulled', 'Failed', 'BackOff', 'FailedMount'), fc.string()),
        message: words,
        type: fc.constantFrom('Normal', 'Warning', 'Rumour', 7),
        count: fc.oneof(fc.integer(), fc.string()),
        firstTimestamp: time,
        lastTimestamp: time,
      },
      { requiredKeys: [] },
    ),
  );
  const instanceView = fc.oneof(
    fc.anything(),
    fc.record(
      {
        restartCount: fc.oneof(fc.nat(), fc.string()),
        currentState: fc.oneof(state, fc.anything()),
        previousState: fc.oneof(state, fc.anything()),
        events: fc.oneof(fc.array(anEvent, { maxLength: 5 }), fc.anything()),
        state: fc.constantFrom('Running', 'Stopped', 'Failed', 'Hibernating'),
      },
      { requiredKeys: [] },
    ),
  );
  const containers = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), instanceView }), {
    maxLength: 3,
  });
  const body = fc.record(
    {
      containers,
      initContainers: fc.oneof(containers, fc.anything()),
      provisioningState: fc.oneof(
        fc.constantFrom('Succeeded', 'Failed', 'Pending', 'Updating'),
        fc.anything(),
      ),
      restartPolicy: fc.oneof(fc.constantFrom('Always', 'OnFailure', 'Never'), fc.anything()),
      osType: fc.oneof(fc.constantFrom('Linux', 'Windows'), fc.anything()),
      instanceView,
    },
    { requiredKeys: ['containers'] },
  );

  it('has a verdict, and so has each of its containers; what runs is said to run', () => {
    fc.assert(
      fc.property(body, (sent) => {
        const group = toContainerGroup(sent, id);
        assert.notEqual(summary(groupVerdict(group)), '');
        for (const container of [...group.initContainers, ...group.containers]) {
          const verdict = verdictOn({ group, container });
          assert.notEqual(summary(verdict), '');
          assert.equal(verdict.kind === 'running', container.current?.state === 'Running');
        }
        const logged = containerWithLog({ group, container: undefined });
        assert.ok(logged === undefined || group.containers.includes(logged));
      }),
      { numRuns: 600 },
    );
  });
});
