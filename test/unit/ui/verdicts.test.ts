import '../../support/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toContainerGroup, type Container, type ContainerGroup } from '../../../src/azure/containerGroups.ts';
import type { Exit, ExitReason } from '../../../src/azure/exits.ts';
import type { Obstacle } from '../../../src/azure/obstacles.ts';
import type { Verdict } from '../../../src/azure/verdict.ts';
import type { NextStep } from '../../../src/ui/messages/verdicts.ts';

const { adviceOn, explainVerdict, stepTitle, subjectOf } =
  await import('../../../src/ui/messages/verdicts.ts');
const { explainNotRunning } = await import('../../../src/ui/messages/notRunning.ts');
const { stateReport } = await import('../../../src/ui/messages/stateReport.ts');

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/shop';
const group = toContainerGroup(
  { containers: [{ name: 'web' }], initContainers: [{ name: 'prepare' }], instanceView: { state: 'Failed' } },
  id,
);
const container = first(group.containers);
const init = first(group.initContainers);

function first(containers: readonly Container[]): Container {
  const [one] = containers;
  assert.ok(one);
  return one;
}

/** A group whose image comes from a registry of Azure, where a role may be missing. */
const ofAzure = toContainerGroup({ containers: [{ name: 'web', image: 'contoso.azurecr.io/web:1' }] }, id);

const error: Exit = { reason: 'error', code: 1 };
const success: Exit = { reason: 'success', code: 0 };
const ended = (exit: Exit, restartPolicy = 'Never', isRestarted = false): Verdict => ({
  kind: 'ended',
  exit,
  restartPolicy,
  isRestarted,
});
const obstacle = (kind: Obstacle['kind']): Verdict => ({
  kind: 'notStarted',
  obstacle: { kind, detail: 'Failed: so it is' },
});

const table: readonly (readonly [Verdict, sentence: RegExp, step: NextStep])[] = [
  [{ kind: 'running', since: undefined, restarts: 0, lastExit: undefined }, /^It is running\.$/, 'exec'],
  [
    { kind: 'running', since: new Date(), restarts: 2, lastExit: error },
    /^It has been running since .+, 0 minutes\. Restarts so far: 2\. Before the last one it ended with an error \(exit code 1\)\.$/,
    'exec',
  ],
  [{ kind: 'stopped' }, /^It was stopped on request\.$/, 'start'],
  [
    ended(success),
    /^It ended without an error \(exit code 0\)\. It is not started again, as its restart policy is "Never"\.$/,
    'start',
  ],
  [
    ended(error, 'OnFailure', true),
    /^It ended with an error \(exit code 1\)\. Azure starts it again, as its restart policy is "OnFailure"\.$/,
    'viewLogs',
  ],
  [ended(success, 'Always', true), /Azure starts it again, as its restart policy is "Always"\.$/, 'refresh'],
  // What the restart policy does not explain is not said to be its work.
  [ended(error, 'Always'), /^It ended with an error \(exit code 1\)\.$/, 'viewLogs'],
  [
    { kind: 'restarting', exit: { reason: 'killed', code: 137 }, restarts: 14, backsOff: true },
    /^It was killed \(exit code 137\), probably for using too much memory, and ends again after each restart\. Restarts so far: 14\.$/,
    'viewLogs',
  ],
  [
    { kind: 'restarting', exit: success, restarts: 1, backsOff: false },
    /and is being started again/,
    'viewLogs',
  ],
  [
    { kind: 'restarting', exit: undefined, restarts: 1, backsOff: true },
    /^It ends soon after each start, and/,
    'viewLogs',
  ],
  [
    obstacle('imageNotFound'),
    /^It cannot start: the registry does not have its image\. Azure says: Failed: so it is\.$/,
    'openInPortal',
  ],
  [obstacle('imageDenied'), /registry does not give/, 'openInPortal'],
  [obstacle('imagePullsLimited'), /limits how often/, 'refresh'],
  [obstacle('imageInaccessible'), /cannot be pulled/, 'openInPortal'],
  [obstacle('mount'), /volume cannot be mounted/, 'openInPortal'],
  [obstacle('quota'), /quota/, 'openInPortal'],
  [obstacle('capacity'), /no room/, 'refresh'],
  [obstacle('other'), /^It has not started\. Azure says: Failed: so it is\.$/, 'refresh'],
  [{ kind: 'provisioningFailed' }, /provisioning failed, and not why/, 'openInPortal'],
  [
    { kind: 'waitsForInit', container: init, verdict: ended({ reason: 'commandNotFound', code: 127 }) },
    /^It waits for its init containers\. Init container "prepare" could not start \(exit code 127\), as its command is not in the image\./,
    'openInPortal',
  ],
  [{ kind: 'starting', isPulling: true }, /its image is being pulled\.$/, 'refresh'],
  [{ kind: 'starting', isPulling: false }, /^It is being started\.$/, 'refresh'],
  [{ kind: 'changing', state: 'Deleting' }, /being deleted/, 'refresh'],
  [{ kind: 'changing', state: 'Repairing' }, /being moved/, 'refresh'],
  [{ kind: 'changing', state: 'Updating' }, /being changed \(Updating\)/, 'refresh'],
  [
    { kind: 'ofContainer', container, verdict: ended(error) },
    /^Container "web" ended with an error/,
    'viewLogs',
  ],
  [
    { kind: 'unknown', state: undefined, detail: '' },
    /^It has no state yet, as far as Azure tells\.$/,
    'refresh',
  ],
  [{ kind: 'unknown', state: 'Asleep', detail: '' }, /^It has the state "Asleep"\.$/, 'refresh'],
  [
    { kind: 'unknown', state: 'Waiting', detail: 'Until spring' },
    /^It has the state "Waiting": Until spring\.$/,
    'refresh',
  ],
];

/** How each way to end is told. */
const exits: Readonly<Record<ExitReason, readonly [code: number | undefined, text: string]>> = {
  success: [0, 'It ended without an error (exit code 0).'],
  error: [1, 'It ended with an error (exit code 1).'],
  wrongArguments: [2, 'It ended with an error (exit code 2), which many programs use for wrong arguments.'],
  notExecutable: [126, 'It could not start (exit code 126), as its command cannot be run.'],
  commandNotFound: [127, 'It could not start (exit code 127), as its command is not in the image.'],
  interrupted: [130, 'It was interrupted (exit code 130).'],
  aborted: [134, 'It aborted itself (exit code 134) after an internal error.'],
  killed: [137, 'It was killed (exit code 137), probably for using too much memory.'],
  outOfMemory: [137, 'It was killed (exit code 137) for using too much memory.'],
  probeFailed: [137, 'It was ended (exit code 137), as its liveness probe failed.'],
  invalidMemoryAccess: [
    0xc0000005,
    'It crashed (exit code 3221225477, 0xC0000005) with an invalid memory access.',
  ],
  terminated: [143, 'It was asked to end, and did (exit code 143).'],
  signal: [141, 'It was ended by a signal (exit code 141).'],
  maintenance: [7147, 'It was ended (exit code 7147) by Azure for maintenance of its platform.'],
  missingLibrary: [
    -1073741515,
    'It could not start (exit code -1073741515, 0xC0000135), as a DLL or a part of one is missing.',
  ],
  libraryFailed: [0xc0000142, 'It could not start (exit code 3221225794, 0xC0000142), as a DLL failed.'],
  stackOverflow: [0xc00000fd, 'It crashed (exit code 3221225725, 0xC00000FD) with a stack overflow.'],
  unhandledException: [
    0xe0434352,
    'It crashed (exit code 3762504530, 0xE0434352) with an exception that it did not handle.',
  ],
  windowsError: [0xc0001234, 'It ended with an error of Windows (exit code 3221230132, 0xC0001234).'],
  unknown: [undefined, 'It ended, and Azure gives no exit code.'],
};

function assertReads(text: string): void {
  assert.match(text, /^[A-Z].*[.!?]$/);
  assert.doesNotMatch(text, /undefined|null|NaN|\{\d|\.\./);
}

describe('a verdict', () => {
  for (const [verdict, sentence, step] of table) {
    it(`${sentence}, and ${step}`, () => {
      const text = explainVerdict(verdict, 'It');
      assertReads(text);
      assert.match(text, sentence);
      const advice = adviceOn(verdict, group);
      assertReads(advice.text);
      assert.equal(advice.step, step);
      assert.notEqual(stepTitle(step), '');
    });
  }

  for (const [reason, [code, text]] of Object.entries(exits) as [
    ExitReason,
    [number | undefined, string],
  ][]) {
    // the keys are all of them
    it(text, () => {
      const verdict: Verdict = {
        kind: 'ended',
        exit: { reason, code },
        restartPolicy: undefined,
        isRestarted: false,
      };
      assert.equal(explainVerdict(verdict, 'It'), text);
      assertReads(adviceOn(verdict, group).text);
    });
  }

  it('advises what the group’s state allows', () => {
    const inState = (state: string): ContainerGroup => ({ ...group, state });
    assert.equal(adviceOn(ended(success), inState('Succeeded')).step, 'start');
    assert.equal(adviceOn(ended(success), inState('Running')).step, 'restart');
  });

  it('opens the role assignments of a registry of Azure that gives no image', () => {
    assert.equal(adviceOn(obstacle('imageDenied'), ofAzure).step, 'openRoleAssignments');
    assert.equal(adviceOn(obstacle('imageNotFound'), ofAzure).step, 'openInPortal');
  });

  it('names a container, an init container and a group', () => {
    assert.deepEqual(
      [container, init, undefined].map((one) => subjectOf({ group, container: one })),
      ['Container "web"', 'Init container "prepare"', 'Container group "shop"'],
    );
  });

  it('says why Exec does not start', () => {
    const state = { state: 'Terminated', exitCode: 0, detailStatus: 'Completed' };
    const job = toContainerGroup(
      {
        restartPolicy: 'Never',
        containers: [{ name: 'job', instanceView: { currentState: state } }],
        instanceView: { state: 'Succeeded' },
      },
      id,
    );
    assert.equal(
      explainNotRunning(job, first(job.containers)),
      'Container "job" is not running: Terminated, exit code 0, Completed. It ended without an error (exit code 0). It is not started again, as its restart policy is "Never". Start the container group to run it again.',
    );
  });
});

describe('the report of a state', () => {
  const at = (minute: number) => new Date(2026, 10, 20, 8, minute);
  const event = (name: string, minute: number, count: number, message: string) => ({
    name,
    message,
    type: 'Normal',
    count,
    firstTimestamp: at(0),
    lastTimestamp: at(minute),
  });
  const crashing = toContainerGroup(
    {
      restartPolicy: 'Always',
      provisioningState: 'Succeeded',
      containers: [
        {
          name: 'mailer',
          image: 'contoso.azurecr.io/mailer:1.9',
          instanceView: {
            restartCount: 14,
            currentState: { state: 'Waiting', detailStatus: 'CrashLoopBackOff: Back-off 5m0s restarting' },
            previousState: { state: 'Terminated', exitCode: 1, detailStatus: 'Error' },
            events: [
              event('Started', 1, 15, 'Started container'),
              event('BackOff', 2, 1, 'Back-off\u001b[31m\nnow'),
            ],
          },
        },
        { name: 'web', instanceView: { currentState: { state: 'Running' } } },
      ],
      instanceView: { state: 'Pending', events: [event('Resized', 0, 1, 'to 2 cores')] },
    },
    id,
  );

  it('has the sentence and the advice, the facts, the end of the log, and events, the newest first', () => {
    const text = stateReport(
      { group: crashing, container: first(crashing.containers) },
      { container: 'mailer', text: 'one\ntwo\u0007' },
    );
    assert.equal(
      text.replaceAll('\u202f', ' '),
      `Container "mailer" ended with an error (exit code 1), and ends again after each restart. Restarts so
far: 14.
Its log may say why.

State:              Waiting, CrashLoopBackOff: Back-off 5m0s restarting
State before:       Terminated, exit code 1, Error
Restarts:           14
Image:              contoso.azurecr.io/mailer:1.9
Container group:    shop
Restart policy:     Always
Provisioning state: Succeeded
Resource group:     rg

The end of the log of "mailer":
  one
  two\u0020

Events of the container, newest first:
  Nov 20, 2026, 8:02 AM  Normal  BackOff  Back-off [31m now
  Nov 20, 2026, 8:01 AM  15×  Normal  Started  Started container

Events of the container group, newest first:
  Nov 20, 2026, 8:00 AM  Normal  Resized  to 2 cores
`,
    );
  });

  it('of a group names each of its containers', () => {
    const text = stateReport({ group: crashing, container: undefined }, undefined);
    assert.match(text, /^Container "mailer" ended with an error/);
    assert.match(text, /\n\nContainer "mailer" ended .*\nfar: 14\.\nContainer "web" is running\.\n\n/);
  });
});
