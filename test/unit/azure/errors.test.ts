import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  AzureError,
  azureReason,
  quotaResetMs,
  retryAfterSeconds,
  toAzureError,
} from '../../../src/azure/errors.ts';

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

  it('tells a refusal that no role changes from one for want of a role', () => {
    const policy = "Resource 'x' was disallowed by policy.";
    assert.deepEqual(toAzureError(restError(403, 'RequestDisallowedByPolicy', policy)).problem, {
      kind: 'disallowed',
      detail: policy,
    });
    const denied =
      "The client 'x' has permission to perform action 'a/b/write' on scope '/s'; however, the access is denied because of the deny assignment with name 'd'.";
    assert.deepEqual(toAzureError(restError(403, 'DenyAssignmentAuthorizationFailed', denied)).problem, {
      kind: 'disallowed',
      detail: denied,
    });
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

  it('tells why a credential gave no token, where the library only points to its documentation', () => {
    const message =
      "EnvironmentCredential authentication failed. To troubleshoot, visit https://aka.ms/x. Status code: 400\nMore details:\nENOENT: no such file, open '/key.pem',";
    assert.deepEqual(
      toAzureError(Object.assign(new Error(message), { name: 'AuthenticationError' })).problem,
      { kind: 'credential', detail: "ENOENT: no such file, open '/key.pem'" },
    );
  });

  it("knows the network's own codes, those of certificates among them, and no others", () => {
    const network = [
      ...['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'EPROTO', 'REQUEST_SEND_ERROR'],
      ...[
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
        'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        'SELF_SIGNED_CERT_IN_CHAIN',
      ],
      ...[
        'DEPTH_ZERO_SELF_SIGNED_CERT',
        'CERT_HAS_EXPIRED',
        'CERT_REVOKED',
        'INVALID_CA',
        'HOSTNAME_MISMATCH',
      ],
      ...['ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ];
    const kindOf = (code: string) => toAzureError(Object.assign(new Error('x'), { code })).problem.kind;
    assert.deepEqual(new Set(network.map(kindOf)), new Set(['unreachable']));
    assert.equal(kindOf('HPE_INVALID_CONSTANT'), 'notAzure');
    const others = ['ERR_INVALID_ARG_TYPE', 'MODULE_NOT_FOUND', 'ABORT_ERR', ''];
    assert.deepEqual(new Set(others.map(kindOf)), new Set(['unexpected']));
  });

  it('takes over a bounded part of any text, and only what can be a code or an id as one', () => {
    const long = `${'long '.repeat(100_000)}end`;
    for (const error of [
      new Error(long),
      restError(404, 'NotFound', long),
      restError(403, 'x', long),
      long,
    ]) {
      const { problem } = toAzureError(error);
      assert.ok('detail' in problem && problem.detail.length < 5_000);
    }
    const headers = { 'x-ms-correlation-request-id': 'several words\r\n' };
    assert.deepEqual(toAzureError(restError(500, '[a](command:b)', 'x', headers)).problem, {
      kind: 'service',
      code: 'HTTP 500',
      detail: 'x',
      correlationId: undefined,
    });
  });

  it('leaves its own errors as they are', () => {
    const error = new AzureError({ kind: 'notSignedIn' });
    assert.equal(toAzureError(error), error);
  });
});

describe('azureReason', () => {
  it('gives the reason that Resource Graph has in `details`, before what it says to everybody', () => {
    const error = {
      code: 'BadRequest',
      message: 'Please provide below info when asking for support.',
      details: [{ code: 'InvalidQuery', message: 'Query is invalid.' }, { message: 'And more.' }],
    };
    assert.deepEqual(azureReason(JSON.stringify({ error })), {
      code: 'BadRequest',
      message: 'Query is invalid. Please provide below info when asking for support.',
    });
  });

  it('needs no details, and takes odd ones for none', () => {
    for (const details of [undefined, null, 'x', [], [null], [{ message: 7 }], [{ message: 'No.' }]]) {
      const error = { code: 'Odd', message: 'No.', details };
      assert.deepEqual(azureReason(JSON.stringify({ error })), { code: 'Odd', message: 'No.' });
    }
  });
});

describe('the wait that a header asks for', () => {
  const rows: readonly (readonly [value: string, seconds: number | undefined])[] = [
    ['0', 0],
    ['17', 17],
    ['3000000', 3_600],
    ['9'.repeat(400), 3_600],
    ['-5', 0],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600],
    ['soon', undefined],
    ['', undefined],
  ];
  for (const [value, seconds] of rows) {
    it(`Retry-After: ${value.slice(0, 40)}`, () => {
      const found = retryAfterSeconds({ get: (name) => (name === 'retry-after' ? value : undefined) });
      assert.equal(found, seconds);
    });
  }

  for (const [value, ms] of [
    ['00:00:05', 5_000],
    ['01:00:00', 3_600_000],
    [`${'9'.repeat(400)}:00:00`, 3_600_000],
    ['soon', undefined],
  ] as const) {
    it(`x-ms-user-quota-resets-after: ${value.slice(0, 40)}`, () => {
      assert.equal(quotaResetMs({ get: () => value }), ms);
    });
  }
});
