import assert from 'node:assert/strict';
import fc from '../fc.ts';
import { resetTerminal } from '../../../src/terminal/sequences.ts';
import * as sequences from './sequences.ts';
import { Terminal, type Xterm } from './terminal.ts';

const { sgr, modes, savedModes, charsets, commands, links, keyboards, margins, screens, resets } = sequences;
const { saving, drawing, strings } = sequences;
const tabStops = fc.constantFrom('\x1b[3g', '\x1b[g', '\x1bH', '\x1b[5G\x1bH');

/** Whatever a program may have written when its session ends, be it in the middle of a sequence. */
const output = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: drawing },
      ...[sgr, modes, savedModes, charsets, commands, links, keyboards, margins, screens, resets],
      ...[saving, strings, tabStops],
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''))
  .chain((all) => fc.nat(all.length).map((end) => all.slice(0, end).toWellFormed()));

/** Shows how the next session would look: where text and tabs go, what ESC 8 restores, what is left on the other screen. */
const probe = [
  '\x1b[2J\x1b[Hqw{|}\x0eqw\x0f\ta\tb\r\n',
  `${'x'.repeat(25)}\r\nabc\b\b\x1b[2;3H\x1b[Ky\n\n\n\n\n\nz\x1b[A\x1bM\x1b8saved`,
  '\x1b[?1049h\x1b[Hqw\ta\tb\x1b8saved\x1b[4;4Hx\x1b[?1049l\x1bn|\x1bo|\x0f',
].join('');

/** After the reset a terminal is as a new one, but for its rows and the place of the cursor. */
export function expectAsNew(xterm: Xterm, cases: number): Promise<void> {
  const asNew = fc.asyncProperty(output, async (written) => {
    const [used, fresh] = [new Terminal(xterm), new Terminal(xterm)];
    try {
      used.write(written);
      const [rows, cursor] = [await used.rows(), await used.cursor()];
      used.write(resetTerminal(8));
      assert.deepEqual(await used.rows(), rows);
      if (cursor.screen === 'normal') {
        assert.deepEqual(await used.cursor(), { ...cursor, x: Math.min(cursor.x, used.columns - 1) });
      }
      assert.deepEqual(await used.hidden(), await fresh.hidden());
      [used, fresh].forEach((terminal) => terminal.write(probe));
      assert.equal(await used.visible(), await fresh.visible());
    } finally {
      used.dispose();
      fresh.dispose();
    }
  });
  return fc.assert(asNew, { numRuns: cases });
}
