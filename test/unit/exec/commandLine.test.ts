import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AzureError } from '../../../src/azure/errors.ts';
import { isCancellation } from '../../../src/base/cancellation.ts';
import {
  commandLineProblem,
  encodeCommandLine,
  hideSecret,
  hideSecretInError,
  plainCommandLine,
  secretCommandLine,
} from '../../../src/exec/commandLine.ts';

describe('a secret in a command', () => {
  it('takes the place of every mark, and is hidden wherever Azure repeats it', () => {
    const command = secretCommandLine('login -p {secret} --again={secret}', 'hunter2$&');
    assert.equal(command.line, 'login -p hunter2$& --again=hunter2$&');
    assert.equal(
      hideSecret('exec: "login -p hunter2$&" not found', command),
      'exec: "login -p {secret}" not found',
    );
    assert.equal(hideSecret('as it is', secretCommandLine('login {secret}', '')), 'as it is');
    assert.equal(hideSecret('as it is', plainCommandLine('as')), 'as it is');
  });

  it('is hidden as it was sent, and as far as an address in it was redacted', () => {
    const percent = secretCommandLine('login {secret}', '50%+x');
    assert.equal(hideSecret('bad: login 50%25%2Bx', percent), 'bad: login {secret}');
    const link = secretCommandLine('fetch {secret}', 'https://box.example/x?sig=1');
    assert.equal(hideSecret('bad: fetch https://box.example/x?…', link), 'bad: fetch {secret}');
  });

  it('is hidden in the words of an error, which stays what it was', () => {
    const command = secretCommandLine('login {secret}', 'hunter2');
    const service = { kind: 'service', code: 'InvalidCommand', correlationId: 'c' } as const;
    const error = hideSecretInError(
      new AzureError({ ...service, detail: "'login hunter2' is odd" }),
      command,
    );
    assert.ok(error instanceof AzureError);
    assert.deepEqual(error.problem, { ...service, detail: "'login {secret}' is odd" });
    assert.doesNotMatch(error.message, /hunter2/);
    const timeout = new AzureError({ kind: 'timedOut', seconds: 1 });
    assert.equal(hideSecretInError(timeout, command), timeout);
    const cancelled = new DOMException('stop', 'AbortError');
    assert.ok(isCancellation(hideSecretInError(cancelled, command)));
  });
});

describe('commandLineProblem', () => {
  const rows = [
    ['/bin/sh -l', undefined],
    ['   ', 'empty'],
    ['sh -c "a b"', 'quotes'],
    ["sh -c 'a'", 'quotes'],
    ['a\nb', 'controlCharacter'],
    ['x'.repeat(4_999), undefined],
    ['x'.repeat(5_000), 'tooLong'],
    ['%'.repeat(1_700), 'tooLong'],
  ] as const;
  for (const [command, problem] of rows) {
    it(`${JSON.stringify(command.slice(0, 12))}: ${problem ?? 'fine'}`, () => {
      assert.equal(commandLineProblem(command), problem);
    });
  }
});

describe('encodeCommandLine', () => {
  it('comes back as it was from the decoding of the service', () => {
    fc.assert(
      fc.property(fc.string(), (command) => {
        const decoded = decodeURIComponent(encodeCommandLine(command).replaceAll('+', ' '));
        assert.equal(decoded, command.trim());
      }),
    );
  });
});
