import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  commandProblem,
  encodeCommand,
  hideSecret,
  plainCommand,
  secretCommand,
} from '../../../src/exec/command.ts';

describe('a secret in a command', () => {
  it('takes the place of every mark, and is hidden wherever Azure repeats it', () => {
    const command = secretCommand('login -p {secret} --again={secret}', 'hunter2$&');
    assert.equal(command.line, 'login -p hunter2$& --again=hunter2$&');
    assert.equal(
      hideSecret('exec: "login -p hunter2$&" not found', command),
      'exec: "login -p {secret}" not found',
    );
    assert.equal(hideSecret('as it is', secretCommand('login {secret}', '')), 'as it is');
    assert.equal(hideSecret('as it is', plainCommand('as')), 'as it is');
  });
});

describe('commandProblem', () => {
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
      assert.equal(commandProblem(command), problem);
    });
  }
});

describe('encodeCommand', () => {
  it('comes back as it was from the decoding of the service', () => {
    fc.assert(
      fc.property(fc.string(), (command) => {
        const decoded = decodeURIComponent(encodeCommand(command).replaceAll('+', ' '));
        assert.equal(decoded, command.trim());
      }),
    );
  });
});
