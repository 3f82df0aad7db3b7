import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OutputWriter } from '../../../src/terminal/outputWriter.ts';
import { dim } from '../../../src/terminal/sequences.ts';
import { Terminal, versions } from './terminal.ts';

const notice = `\r\n${dim('ours')}\r\n`;
/** Longer than a piece of output. */
export const longTitle = `\x1b]0;${'a long title '.repeat(40)}\x07`;

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

/** A notice breaks no sequence and touches no full-screen program, wherever the output is cut. */
export function expectNoticeApart(cases: number): Promise<void> {
  const apart = fc.asyncProperty(output, fc.nat(8), async (pieces, after) => {
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
  });
  return fc.assert(apart, { numRuns: cases });
}
