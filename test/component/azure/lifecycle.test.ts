import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { AzureError, type AzureProblem } from '../../../src/azure/errors.ts';
import type { GroupVerb, OperationPhase } from '../../../src/azure/groupVerbs.ts';
import { Operations } from '../../../src/inventory/operations.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { clientOf, trust } from './operations.ts';

const id =
  '/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop-web';

let emulator: Emulator;
before(async () => {
  emulator = await startEmulator();
  trust(emulator);
});
after(() => emulator.close());
beforeEach(() => emulator.reset());

const never = new AbortController().signal;

/** `onOperated` is called once Azure has done what it was asked for, before the group is looked at. */
function setUp(onOperated: () => void = () => undefined): {
  readonly run: (
    verb: GroupVerb,
    signal?: AbortSignal,
    onPhase?: (phase: OperationPhase) => void,
  ) => Promise<void>;
  readonly get: typeof get;
} {
  const { containerGroups } = clientOf(emulator);
  const get = () => containerGroups.get(id, never);
  const operations = new Operations({
    operate: (verb, group, signal, onPhase) =>
      containerGroups.operate(verb, group, signal, onPhase).then(onOperated),
    look: (group, signal) => containerGroups.get(group, signal),
  });
  return {
    get,
    run: async (verb, signal = never, onPhase) => operations.run(verb, await get(), signal, onPhase),
  };
}
const get = () => clientOf(emulator).containerGroups.get(id, never);

function startTime(): Promise<number | undefined> {
  return get().then(({ containers }) => containers[0]?.current?.startTime?.getTime());
}

function asked(operation: string): number {
  return emulator.requests.filter((request) => request.operation === operation).length;
}

function problem(kind: AzureProblem['kind']) {
  return (error: unknown) => error instanceof AzureError && error.problem.kind === kind;
}

describe('what is done to a group', () => {
  it('is over once the group shows it: stop, then start', async () => {
    const { run } = setUp();
    await run('stop');
    assert.equal((await get()).state, 'Stopped');
    await run('start');
    assert.equal((await get()).state, 'Running');
    assert.ok(asked('operation') > 0); // start answers 202 with Azure-AsyncOperation
  });

  it('a restart is over when the containers have started anew, though its answer and its operation come before', async () => {
    const { run } = setUp();
    const before = await startTime();
    emulator.addFault({
      operation: 'operation',
      kind: 'fields',
      fields: { status: 'Succeeded' },
      times: 'always',
    });
    await run('restart');
    assert.ok(Number(await startTime()) > Number(before));
  });

  it('a deleted group is gone', async () => {
    await setUp().run('delete');
    await assert.rejects(get(), problem('notFound'));
  });

  it('is not begun twice', async () => {
    const { run } = setUp();
    const first = run('restart');
    await assert.rejects(Promise.all([first, run('restart')]), problem('transitioning'));
    await first;
    assert.equal(asked('restart'), 1);
  });

  it('fails as the operation does, in Azure’s words', async () => {
    const error = { code: 'RegistryErrorResponse', message: 'The registry is not there.' };
    emulator.addFault({ operation: 'operation', kind: 'fields', fields: { status: 'Failed', error } });
    await assert.rejects(setUp().run('restart'), (thrown: unknown) => {
      assert.ok(thrown instanceof AzureError && thrown.problem.kind === 'service');
      assert.deepEqual([thrown.problem.code, thrown.problem.detail], [error.code, error.message]);
      return true;
    });
  });

  it('goes on through answers that are throttled or missing', async () => {
    emulator.addFault({ operation: 'operation', kind: 'throttle', retryAfterSeconds: 1, times: 3 });
    emulator.addFault({ operation: 'operation', kind: 'reset', times: 2 });
    await setUp().run('restart');
    assert.equal((await get()).state, 'Running');
  });

  it('goes on where the looks at the group are throttled or missing', async () => {
    const { run } = setUp(() =>
      emulator.addFault({ operation: 'get', kind: 'throttle', retryAfterSeconds: 1, times: 2 }),
    );
    await run('stop');
    assert.equal((await get()).state, 'Stopped');
  });

  it('waits while Azure says that the group is still being changed', async () => {
    const message = 'The container group is still transitioning.';
    emulator.addFault({
      operation: 'restart',
      kind: 'status',
      status: 409,
      code: 'ContainerGroupTransitioning',
      message,
    });
    const before = await startTime();
    const phases: OperationPhase[] = [];
    await setUp().run('restart', never, (phase) => phases.push(phase));
    assert.ok(Number(await startTime()) > Number(before));
    assert.equal(asked('restart'), 2);
    assert.deepEqual(phases, ['asked', 'waiting', 'asked', 'accepted']);
  });

  it('is no longer waited for once cancelled; Azure goes on', async () => {
    const controller = new AbortController();
    emulator.addFault({ operation: 'operation', kind: 'delay', ms: 60_000, times: 'always' });
    const before = await startTime();
    const running = setUp().run('restart', controller.signal);
    while (asked('restart') === 0) {
      await get();
    }
    controller.abort();
    await assert.rejects(running, { name: 'AbortError' });
    while ((await startTime()) === before) {
      // until the simulated Azure has restarted it
    }
  });

  it('a restart of a stopped group says that it has to be started', async () => {
    const { run } = setUp();
    await run('stop');
    await assert.rejects(run('restart'), problem('stopped'));
  });

  it('no link of an operation is followed to another host', async () => {
    const elsewhere = 'https://elsewhere.example/operations/1?t=SIGNED';
    emulator.addFault({
      ...{ operation: 'restart', kind: 'body', status: 202, body: '' },
      headers: { 'azure-asyncoperation': elsewhere },
    });
    await assert.rejects(setUp().run('restart'), (thrown: unknown) => {
      assert.ok(thrown instanceof AzureError);
      assert.doesNotMatch(JSON.stringify([thrown.message, thrown.problem]), /SIGNED/);
      return true;
    });
  });

  it('follows Location where there is no operation', async () => {
    const location = `${emulator.endpoint}${id}?api-version=2025-09-01`;
    emulator.addFault({ operation: 'delete', kind: 'body', status: 202, body: '', headers: { location } });
    const { containerGroups } = clientOf(emulator);
    await containerGroups.operate('delete', id, never);
    assert.equal(asked('get'), 1); // 200: it is over
  });
});
