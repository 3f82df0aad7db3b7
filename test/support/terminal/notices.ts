import assert from 'node:assert/strict';
import fc from '../fc.ts';
import { OutputWriter } from '../../../src/terminal/outputWriter.ts';
import { charsets, savedModes, saving, screens, sgrNotUnderlined } from './sequences.ts';
import { Terminal, vscodeXterm } from './terminal.ts';

/** Longer than a piece of output. */
export const longTitle = `\x1b]0;${'a long title '.repeat(40)}\x07`;

/** Output of a program that draws as it likes and goes to the alternate screen and back, in pieces that end anywhere. */
const output = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom('text ', '\r\n', '\x1bc', longTitle) },
      ...[sgrNotUnderlined, charsets, savedModes, screens, saving],
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  .chain((text) =>
    fc
      .array(fc.nat(text.length), { maxLength: 8 })
      .map((cuts) =>
        [...new Set([0, ...cuts])]
          .toSorted((a, b) => a - b)
          .map((cut, index, all) => text.slice(cut, all[index + 1])),
      ),
  );

/** What a terminal is given, with a notice said after so many pieces. */
function withNotice(pieces: readonly string[], after: number): string {
  let written = '';
  const writer = new OutputWriter((text) => (written += text));
  pieces.forEach((piece, index) => {
    if (index === after) {
      writer.notify('ours');
    }
    writer.write(piece);
  });
  return written;
}

/** How many characters two texts begin with alike. */
function common(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) {
    length++;
  }
  return length;
}

async function after(text: string) {
  const terminal = new Terminal(vscodeXterm);
  try {
    terminal.write(text);
    return { state: await terminal.lasting(), rows: await terminal.text() };
  } finally {
    terminal.dispose();
  }
}

/** A notice breaks no sequence, changes nothing and can be read; it touches no full-screen program. */
export function expectNoticeApart(cases: number): Promise<void> {
  const apart = fc.asyncProperty(output, fc.nat(8), async (pieces, place) => {
    const plain = pieces.join('');
    const written = withNotice(pieces, place);
    const { state } = await after(plain);
    if (written === plain) {
      assert.ok(place >= pieces.length || state.isAlternate, 'it is said in the end');
      return;
    }
    const start = common(written, plain);
    const end = start + written.length - plain.length;
    assert.equal(written.slice(end), plain.slice(start));
    const said = await after(written.slice(0, end));
    assert.ok(
      said.rows.some((row) => row.startsWith('ours')),
      said.rows.join('\n'),
    );
    assert.equal(said.state.isAlternate, false);
    assert.deepEqual((await after(written)).state, state);
  });
  return fc.assert(apart, { numRuns: cases });
}
