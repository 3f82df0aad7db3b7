import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { jsonLines } from '../../../src/base/jsonLines.ts';

describe('jsonLines', () => {
  it('prints what JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = jsonLines(value)
          .map((line) => line.text)
          .join('\n');
        assert.equal(text, JSON.stringify(value, null, 2));
      }),
    );
  });

  it('tells where each line is in the value', () => {
    const value = { a: [1, { 'b/c~d': true }], e: {} };
    assert.deepEqual(
      jsonLines(value).map(({ pointer }) => pointer),
      ['', '/a', '/a/0', '/a/1', '/a/1/b~1c~0d', '/a/1', '/a', '/e', ''],
    );
  });
});
