import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OutputWriter } from '../../../src/terminal/outputWriter.ts';
import { dim } from '../../../src/terminal/sequences.ts';
import { Terminal, versions } from '../../support/terminal/terminal.ts';

const notice = `\r\n${dim('ours')}\r\n`;
const longTitle = `\x1b]0;${'a long title '.repeat(40)}\x07`;

/** Output of a program that goes to the alternate screen and back, in pieces that end anywhere. */
const output = fc
  .array(
    fc.constantFrom(
      'text ',
      '\r\n',
      '\x1b[31mred\x1b[0m',
      '\x1b[?1049h',
      '\x1b[?1049l',
      '\x1b[?25;1047h',
      '\x1b[?1047l',
      '\x1bc',
      longTitle,
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

async function screenAfter(text: string) {
  const terminal = new Terminal(versions['xterm.js 6']);
  try {
    terminal.write(text);
    const [, [screen], , title] = JSON.parse(await terminal.state()) as [unknown, [string], unknown, string]; // as state() writes it
    return { screen, title };
  } finally {
    terminal.dispose();
  }
}

describe('OutputWriter', () => {
  it('a notice breaks no sequence and touches no full-screen program, wherever the output is cut', async () => {
    await fc.assert(
      fc.asyncProperty(output, fc.nat(8), async (pieces, after) => {
        const plain = pieces.join('');
        const written = withNotice(pieces, after);
        const at = written.indexOf(notice);
        const end = await screenAfter(plain);
        if (at < 0) {
          assert.equal(written, plain);
          assert.ok(after >= pieces.length || end.screen === 'alternate', 'it is said in the end');
          return;
        }
        assert.equal(written.replace(notice, ''), plain);
        assert.equal((await screenAfter(written.slice(0, at))).screen, 'normal');
        assert.deepEqual(await screenAfter(written), end);
      }),
      { numRuns: 500 },
    );
  });

  it('a query goes out on the alternate screen too, and waits for the end of a long title', () => {
    let written = '';
    const writer = new OutputWriter((text) => (written += text));
    const start = `\x1b[?1049h${longTitle.slice(0, -1)}`;
    writer.write(start);
    writer.ask('?');
    assert.equal(written, start);
    writer.write('\x07');
    assert.equal(written, `${start}\x07?`);
  });
});
