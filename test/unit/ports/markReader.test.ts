import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { MarkReader, type RelayMark } from '../../../src/ports/markReader.ts';

const token = 'feed';
const mark = (text: string) => Buffer.from(`\x01${token}${text}`);

/** Data that looks like marks often. */
const data = fc
  .array(fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from(`\x01${token}ase/;:1`))), { maxLength: 40 })
  .map((bytes) => Buffer.from(bytes))
  .filter((bytes) => !bytes.includes(mark('')));

const marks: readonly (readonly [string, RelayMark])[] = [
  ['s/;', { kind: 'started' }],
  ['f/;', { kind: 'failed' }],
  ['a12:/12:;', { kind: 'accepted', next: 12, checksum: '' }],
  ['r3:99/3:99;', { kind: 'refused', next: 3, checksum: '99' }],
  ['e4711/4711;', { kind: 'ended', checksum: '4711' }],
];

function read(pieces: readonly Buffer[]) {
  const passed: Buffer[] = [];
  const found: RelayMark[] = [];
  const reader = new MarkReader(
    token,
    (part) => passed.push(Buffer.from(part)),
    (each) => found.push(each),
  );
  pieces.forEach((piece) => reader.read(piece));
  return { data: Buffer.concat(passed), found };
}

describe('MarkReader', () => {
  it('tells data from marks wherever they are cut', () => {
    const part = fc.oneof(
      data.map((bytes) => ({ bytes, mark: undefined })),
      fc.constantFrom(...marks).map(([text, parsed]) => ({ bytes: mark(text), mark: parsed })),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.nat(200)), (parts, cuts) => {
        // The end of data and the start of a mark may not make another mark, nor may two pieces of data.
        const all = Buffer.concat(parts.map(({ bytes }) => bytes));
        const expected = parts.flatMap((each) => each.mark ?? []);
        fc.pre(count(all, mark('')) === expected.length);
        const places = [...new Set(cuts.filter((at) => at < all.length))].toSorted((a, b) => a - b);
        const pieces = [0, ...places].map((from, index) => all.subarray(from, places[index]));
        const { data: passed, found } = read([...pieces, Buffer.from('.')]);
        assert.deepEqual(found, expected);
        const raw = parts.flatMap((each) => (each.mark === undefined ? [each.bytes] : []));
        assert.deepEqual(passed, Buffer.concat([...raw, Buffer.from('.')]));
      }),
      { numRuns: 200 },
    );
  });

  it('believes no mark whose copy differs, and goes on behind it', () => {
    for (const text of ['a12:/13:;', 'e1/;', 'e1;', 'ax:/x:;', 'x/;', 's/x;']) {
      const { data: passed, found } = read([mark(text), Buffer.from('data'), mark('s/;')]);
      assert.deepEqual([passed.toString(), found], ['data', [{ kind: 'started' }]], text);
    }
  });

  it('holds back no more than a mark can be', () => {
    const { data: passed } = read([mark('a'), Buffer.alloc(1_000, 'x')]);
    assert.ok(passed.length >= 1_000);
  });
});

function count(all: Buffer, part: Buffer): number {
  return all.toString('latin1').split(part.toString('latin1')).length - 1;
}
