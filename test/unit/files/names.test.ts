import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc, { anyCharacter } from '../../support/fc.ts';
import { decodeName, encodeName } from '../../../src/files/names.ts';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 20 }),
  fc.string({ unit: anyCharacter, maxLength: 10 }).map((text) => Uint8Array.from(Buffer.from(text))),
  fc
    .array(fc.constantFrom(0xee, 0xef, 0x9e, 0x9f, 0x80, 0xbf, 0x41, 0xf0), { maxLength: 8 })
    .map((list) => Uint8Array.from(list)),
);

describe('names of files', () => {
  it('any bytes come back, and different ones have different texts', () => {
    fc.assert(
      fc.property(bytes, (name) => {
        assert.deepEqual(Buffer.from(encodeName(decodeName(name))), Buffer.from(name));
      }),
      { numRuns: 600 },
    );
  });

  it('UTF-8 is shown as it is', () => {
    assert.equal(decodeName(Buffer.from('日本語 é 😀 \ufeff')), '日本語 é 😀 \ufeff');
  });

  it('slashes, dots and NUL stay what they are: no byte becomes one of them', () => {
    fc.assert(
      fc.property(bytes, (name) => {
        const text = decodeName(name);
        for (const character of ['/', '.', '\\', '\0', '\n']) {
          const inBytes = name.filter((byte) => byte === character.charCodeAt(0)).length;
          assert.equal(text.split(character).length - 1, inBytes);
        }
      }),
    );
  });
});
