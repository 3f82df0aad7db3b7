import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { Fault } from '../../emulator/faults.ts';
import { clientOf, hasShape, operations, rawAnswer, trust } from './operations.ts';

let emulator: Emulator;
before(async () => {
  emulator = await startEmulator();
  trust(emulator);
});
after(() => emulator.close());
beforeEach(() => emulator.reset());

type Kind = AzureError['problem']['kind'];

/** What comes of a call: a value, or the problem that its error has. */
async function outcome(
  call: () => Promise<unknown>,
): Promise<{ readonly value: unknown } | { readonly problem: AzureError['problem'] }> {
  try {
    return { value: await call() };
  } catch (error) {
    assert.ok(error instanceof AzureError, String(error));
    assert.doesNotMatch(error.message, /undefined|of null|not a function|not iterable|in JSON|DOCTYPE|<html/);
    return { problem: error.problem };
  }
}

const page = '<!DOCTYPE html><html><title>Sign in to the hotel</title></html>';
const html = { 'content-type': 'text/html' };

/** Answers that are none of Azure's, and what each of them is taken for. */
const others: Readonly<
  Record<string, readonly [fault: Omit<Extract<Fault, { kind: 'body' }>, 'kind'>, Kind]>
> = {
  'the sign-in page of a network': [{ body: page, headers: html }, 'notAzure'],
  'a sign-in page that says it is JSON': [{ body: page }, 'notAzure'],
  'a redirection to a sign-in page': [
    { body: '', status: 302, headers: { location: 'https://hotel.example/sign-in' } },
    'notAzure',
  ],
  'a redirection to itself': [{ body: '', status: 307, headers: { location: '/elsewhere' } }, 'notAzure'],
  'a page with 404': [{ body: page, status: 404, headers: html }, 'notAzure'],
  'a page with 511': [{ body: page, status: 511, headers: html }, 'notAzure'],
  'a page with 403': [{ body: page, status: 403, headers: html }, 'unreachable'],
  'a page with 407': [{ body: page, status: 407, headers: html }, 'unreachable'],
  'a page of a gateway': [{ body: page, status: 501, headers: html }, 'service'],
  'no word of JSON': [{ body: 'true' }, 'notAzure'],
  'a list': [{ body: '[]' }, 'notAzure'],
  'half an object': [{ body: '{"value":[{"id":' }, 'notAzure'],
  'an object of nothing': [{ body: '{}' }, 'notAzure'],
  null: [{ body: 'null' }, 'notAzure'],
  nothing: [{ body: '' }, 'notAzure'],
};

describe('an answer that is not one of Azure', () => {
  for (const [name, { operation, call }] of Object.entries(operations)) {
    for (const [other, [answer, kind]] of Object.entries(others)) {
      it(`${other}, for ${name}`, async () => {
        emulator.addFault({ operation, kind: 'body', times: 'always', ...answer });
        const result = await outcome(() => call(clientOf(emulator)));
        assert.equal('problem' in result && result.problem.kind, kind);
      });
    }
  }
});

const replacement = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    0,
    -1,
    1e308,
    '',
    'text',
    '2024-10-31T05:12:10Z',
    [],
    {},
    [null],
    [[]],
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** The same value with one of its parts replaced: the one that the steps lead to. `undefined` takes it away. */
function mutate(value: unknown, steps: readonly number[], part: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    return part;
  }
  const keys = Object.keys(value);
  const key = keys[step % keys.length] ?? '';
  const inner = mutate(Reflect.get(value, key), rest, part);
  return Array.isArray(value)
    ? value.map((item: unknown, index) => (String(index) === key ? inner : item))
    : { ...value, [key]: inner };
}

describe('whatever an answer says', () => {
  for (const [name, operation] of Object.entries(operations)) {
    it(`${name}: there is a value with its fields, or an error in our words`, async () => {
      const client = clientOf(emulator);
      const answer = await rawAnswer(emulator, operation);
      const change = fc.tuple(fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }), replacement);
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
          const odd = changes.reduce((value, [steps, part]) => mutate(value, steps, part), answer);
          emulator.clearFaults();
          emulator.addFault({
            operation: operation.operation,
            kind: 'body',
            body: odd === undefined ? '' : JSON.stringify(odd),
            times: 1,
          });
          const result = await outcome(() => operation.call(client));
          assert.ok('problem' in result || hasShape(result.value, operation.shape), JSON.stringify(result));
        }),
        { numRuns: 200 },
      );
    });
  }
});

describe('a refusal', () => {
  const refusals: readonly (readonly [status: number, body: object, problem: object])[] = [
    [
      400,
      { error: { code: 'Odd', message: 'Not today.' } },
      { kind: 'service', code: 'Odd', detail: 'Not today.' },
    ],
    [
      400,
      { error: { code: 5, message: null } },
      { kind: 'service', code: 'HTTP 400', detail: 'Bad Request' },
    ],
    [400, { code: 'Odd', message: 'Not today.' }, { kind: 'service', code: 'Odd', detail: 'Not today.' }],
    [403, { Message: 'no' }, { kind: 'forbidden', detail: 'Forbidden' }],
    [501, { error: null }, { kind: 'service', code: 'HTTP 501', detail: 'Not Implemented' }],
    [404, { error: { code: 'ResourceNotFound', message: 'gone' } }, { kind: 'notFound', detail: 'gone' }],
  ];
  for (const [status, body, problem] of refusals) {
    it(`${status} ${JSON.stringify(body)}`, async () => {
      for (const { operation, call } of Object.values(operations)) {
        emulator.clearFaults();
        emulator.addFault({ operation, kind: 'body', status, body: JSON.stringify(body), times: 'always' });
        const result = await outcome(() => call(clientOf(emulator)));
        assert.ok('problem' in result);
        assert.partialDeepStrictEqual(result.problem, problem);
      }
    });
  }
});
