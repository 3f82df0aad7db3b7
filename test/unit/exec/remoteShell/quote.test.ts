import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from '../../../support/fc.ts';
import { quote } from '../../../../src/exec/remoteShell/quote.ts';

describe('quote', () => {
  it('is printable, on one line, and the same bytes to a shell', () => {
    const byte = fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constantFrom(...Buffer.from('\n\'"\\$`')));
    const words = fc.array(fc.array(byte, { maxLength: 30 }), { minLength: 1, maxLength: 8 });
    const same = fc.property(words, (lists) => {
      const values = lists.map((list) => Buffer.from(list));
      const source = values.map((value) => quote(value)).join(' ');
      assert.match(source, /^[ -~]*$/);
      const printed = execFileSync('/bin/sh', ['-c', `_e='\n';printf '%s\\000' ${source}`]);
      assert.deepEqual(printed, Buffer.concat(values.flatMap((value) => [value, Buffer.of(0)])));
    });
    fc.assert(same, { numRuns: 50 });
  });

  it('refuses NUL', () => {
    assert.throws(() => quote('a\0b'), TypeError);
  });
});
