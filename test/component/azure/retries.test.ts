import assert from 'node:assert/strict';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import { AzureError } from '../../../src/azure/errors.ts';
import type { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { Fault } from '../../emulator/faults.ts';
import { clientOf, operations, trust } from './operations.ts';

let emulator: Emulator;
before(async () => {
  emulator = await startEmulator();
  trust(emulator);
});
after(() => emulator.close());
beforeEach(() => emulator.reset());

const group =
  '/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop-web';

function execute({ containers }: ResourceManagerClient, signal: AbortSignal): Promise<unknown> {
  const size = { columns: 80, rows: 24 };
  return containers.executeCommand(
    { groupId: group, container: 'shop-web', command: '/bin/sh', size },
    signal,
  );
}

function asked(operation: string): number {
  return emulator.requests.filter((request) => request.operation === operation).length;
}

const status = (code: number, headers: Readonly<Record<string, string>> = {}): Fault => ({
  ...{ operation: 'exec', times: 'always', kind: 'status', status: code },
  ...{ code: 'Odd', message: 'Not today.', headers },
});

describe('exec is asked for once', () => {
  const rows: readonly (readonly [name: string, fault: Fault, kind: AzureError['problem']['kind']])[] = [
    ...[400, 404, 408, 409, 413, 500, 501, 502, 503, 504, 520].map(
      (code) => [`${code}`, status(code), code === 404 ? 'notFound' : 'service'] as const,
    ),
    ['403', status(403), 'forbidden'],
    ['503 that names a time', status(503, { 'retry-after': '1' }), 'service'],
    ['503 that names a long time', status(503, { 'retry-after': '40' }), 'throttled'],
    ['500 that names a time', status(500, { 'retry-after': '1' }), 'service'],
    [
      '503 that names a long time in milliseconds',
      status(503, { 'retry-after-ms': '3000000000' }),
      'throttled',
    ],
    [
      '429 that names a long time in its own way',
      status(429, { 'x-ms-retry-after-ms': '40000' }),
      'throttled',
    ],
    ['429 that names none', status(429), 'throttled'],
    ['429 that names a long time', status(429, { 'retry-after': '40' }), 'throttled'],
    ['a broken connection', { operation: 'exec', times: 'always', kind: 'reset' }, 'unreachable'],
    ['half an answer', { operation: 'exec', times: 'always', kind: 'half' }, 'brokenOff'],
    [
      'a redirection',
      {
        operation: 'exec',
        times: 'always',
        kind: 'body',
        body: '',
        status: 307,
        headers: { location: '/x' },
      },
      'notAzure',
    ],
  ];
  for (const [name, fault, kind] of rows) {
    it(name, async () => {
      emulator.addFault(fault);
      await assert.rejects(
        execute(clientOf(emulator), new AbortController().signal),
        (error) => error instanceof AzureError && error.problem.kind === kind,
      );
      assert.equal(asked('exec'), 1);
    });
  }

  it('and again once it was throttled for a moment', async () => {
    emulator.addFault({ operation: 'exec', kind: 'throttle', retryAfterSeconds: 1 });
    await execute(clientOf(emulator), new AbortController().signal);
    assert.equal(asked('exec'), 2);
  });

  it('and again once with a new token', async () => {
    emulator.addFault({ ...status(401), times: 1 });
    await execute(clientOf(emulator), new AbortController().signal);
    assert.equal(asked('exec'), 2);
  });
});

it('a time to wait that is negative, or was long ago, is none', async () => {
  const warned = mock.method(process, 'emitWarning', () => undefined);
  try {
    for (const time of ['-5', 'Thu, 01 Jan 1970 00:00:00 GMT', 'soon']) {
      emulator.addFault({ ...status(429, { 'retry-after': time }), times: 1 });
      await execute(clientOf(emulator), new AbortController().signal).catch(() => undefined);
    }
    assert.equal(warned.mock.callCount(), 0);
  } finally {
    warned.mock.restore();
  }
});

/** Aborts a call at its second try, and says whether there was one. */
async function isRepeated(call: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
  const controller = new AbortController();
  const { request: send } = https;
  let tries = 0;
  const spy = mock.method(https, 'request', (...args: Parameters<typeof send>) => {
    if (++tries > 1) {
      controller.abort();
    }
    return send(...args);
  });
  syncBuiltinESMExports();
  try {
    await assert.rejects(call(controller.signal));
  } finally {
    spy.mock.restore();
    syncBuiltinESMExports();
  }
  return tries > 1;
}

describe('what has surely not begun, or may be done twice, is asked for again', () => {
  it('exec, where nothing listens', async () => {
    const closed = await startEmulator();
    const client = clientOf(closed);
    await closed.close();
    assert.ok(await isRepeated((signal) => execute(client, signal)));
  });

  for (const [name, { operation, call }] of Object.entries(operations)) {
    if (operation !== 'exec' && operation !== 'attach') {
      it(`${name}, after 503`, async () => {
        emulator.addFault({ ...status(503), operation });
        const client = clientOf(emulator);
        assert.ok(await isRepeated((signal) => Promise.race([call(client), rejectedBy(signal)])));
      });
    }
  }
});

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
}
