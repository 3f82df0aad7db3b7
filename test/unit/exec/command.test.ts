import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { commandProblem, encodeCommand } from '../../../src/exec/command.ts';

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
