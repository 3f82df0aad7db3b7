import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AzureError, toAzureError } from '../../../src/azure/errors.ts';
import { redact } from '../../../src/base/redact.ts';

function restError(statusCode: number, code: string, message: string, headers: Record<string, string> = {}) {
  return Object.assign(new Error(message), {
    statusCode,
    code,
    response: { headers: { get: (name: string) => headers[name] } },
  });
}

describe('toAzureError', () => {
  it('names the action that is not allowed', () => {
    const error = restError(
      403,
      'AuthorizationFailed',
      "The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.ContainerInstance/containerGroups/containers/exec/action' over scope '/s' or the scope is invalid.",
    );
    const { problem } = toAzureError(error);
    assert.equal(problem.kind, 'forbidden');
    assert.equal(
      'action' in problem && problem.action,
      'Microsoft.ContainerInstance/containerGroups/containers/exec/action',
    );
  });

  it('tells throttling, a changing group and a missing one apart', () => {
    assert.deepEqual(toAzureError(restError(429, 'TooManyRequests', 'x', { 'retry-after': '17' })).problem, {
      kind: 'throttled',
      retryAfterSeconds: 17,
    });
    assert.equal(
      toAzureError(restError(409, 'ContainerGroupTransitioning', 'x')).problem.kind,
      'transitioning',
    );
    assert.equal(toAzureError(restError(404, 'ContainerNotFound', 'x')).problem.kind, 'notFound');
  });

  it('keeps the correlation id of any other answer', () => {
    const { problem } = toAzureError(
      restError(500, 'InternalServerError', 'x', { 'x-ms-correlation-request-id': 'abc' }),
    );
    assert.deepEqual(problem, {
      kind: 'service',
      code: 'InternalServerError',
      detail: 'x',
      correlationId: 'abc',
    });
  });

  it('names the host that cannot be reached, never the query', () => {
    const error = Object.assign(new Error('getaddrinfo ENOTFOUND'), {
      code: 'ENOTFOUND',
      request: { url: 'https://arm.example/subscriptions?api-version=1&s=SIGNATURE' },
    });
    assert.deepEqual(toAzureError(error).problem, {
      kind: 'unreachable',
      host: 'arm.example',
      code: 'ENOTFOUND',
    });
  });

  it('leaves its own errors as they are', () => {
    const error = new AzureError({ kind: 'notSignedIn' });
    assert.equal(toAzureError(error), error);
  });
});

describe('redact', () => {
  it('takes out tokens, queries and exec passwords', () => {
    const text = redact(
      'GET wss://h.example:19390/execstream/sessionId/1?api-version=1.0&rows=24 Bearer eyJhbGciOi.eyJzdWIi.c2ln 9Nrd>l[y!peg3CWY.1Gd5Hs{R[[EOM]]',
    );
    assert.equal(text, 'GET wss://h.example:19390/execstream/sessionId/1?… Bearer [token] [password]');
  });
});
