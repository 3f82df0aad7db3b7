import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AzureError, type RestErrorLike } from '../../../src/azure/errors.ts';
import { AttachSignal } from '../../../src/logs/attachSignal.ts';

function serviceError(statusCode: number): AzureError {
  const cause: RestErrorLike = Object.assign(new Error('x'), { statusCode });
  return new AzureError({ kind: 'service', code: 'x', detail: 'x', correlationId: undefined }, { cause });
}

/** How often a socket is asked for that each time fails with `error`, in waits at these times, in seconds. */
async function attemptsAt(error: Error, seconds: readonly number[]): Promise<number> {
  const { signal } = new AbortController();
  let now = 0;
  let attempts = 0;
  const attached = new AttachSignal({
    attach: () => {
      attempts++;
      return Promise.reject(error);
    },
    onFallBack: () => undefined,
    signal,
    now: () => now,
  });
  for (const second of seconds) {
    now = second * 1000;
    await attached.wait(0, signal);
    await attached.wait(0, signal);
  }
  return attempts;
}

describe('a log that could not be attached to', () => {
  const passing: readonly (readonly [string, Error])[] = [
    ['a throttled request', new AzureError({ kind: 'throttled', retryAfterSeconds: undefined })],
    ['a failure of the service', serviceError(503)],
    ['a lost connection', Object.assign(new Error('read'), { code: 'ECONNRESET' })],
    ['a busy host of sockets', new Error('Unexpected server response: 503')],
    ['a throttled host of sockets', new Error('Unexpected server response: 429')],
    ['a container between two runs', new AzureError({ kind: 'notFound', detail: 'x' })],
    ['a group in transition', new AzureError({ kind: 'transitioning', detail: 'x' })],
  ];
  for (const [name, error] of passing) {
    it(`is tried again after ${name}, not before its time`, async () => {
      assert.equal(await attemptsAt(error, [0, 10, 31, 45, 62]), 3);
    });
  }

  const lasting: readonly (readonly [string, Error])[] = [
    ['not allowed', new AzureError({ kind: 'forbidden', action: undefined, detail: 'x' })],
    ['a bad request', serviceError(400)],
    ['no address of a socket', new AzureError({ kind: 'unexpected', detail: 'x' })],
    ['a host that refuses', new Error('Unexpected server response: 401')],
  ];
  for (const [name, error] of lasting) {
    it(`is not tried again where it is ${name}`, async () => {
      assert.equal(await attemptsAt(error, [0, 31, 62]), 1);
    });
  }

  it('is left alone for as long as Azure asks', async () => {
    const error = new AzureError({ kind: 'throttled', retryAfterSeconds: 100 });
    assert.equal(await attemptsAt(error, [0, 31, 62, 101]), 2);
  });
});
