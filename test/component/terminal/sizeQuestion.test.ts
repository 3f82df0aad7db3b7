import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { FlowControl } from '../../../src/terminal/flowControl.ts';
import { charsets, drawing, modes, resets, sgr, strings } from '../../support/terminal/sequences.ts';
import { Terminal, versions, type Xterm } from '../../support/terminal/terminal.ts';

const questions = fc.constantFrom('\x1b[18t', '\x1b[18t', '\x1b[6n', '\x1b[?2026$p', '\x1b[c');

/** Output of a program that asks its terminal things, in pieces that end anywhere; before each, whether we ask too. */
const pieces = fc
  .array(fc.oneof({ weight: 4, arbitrary: questions }, drawing, modes, sgr, charsets, resets, strings))
  .map((parts) => parts.join('').toWellFormed())
  .chain((output) => fc.array(fc.nat(output.length), { maxLength: 8 }).map((cuts) => cutAt(output, cuts)))
  .chain((parts) => fc.tuple(...parts.map((part) => fc.tuple(fc.constant(part), fc.boolean()))));

/** Not where the start of the next piece depends on the end of the one before, which is a question's only place then. */
function cutAt(output: string, cuts: readonly number[]): readonly string[] {
  const isApart = (cut: number) => output.charCodeAt(cut) < 0x80 && !output.startsWith('\x1b[3b', cut);
  const places = [0, ...cuts.filter(isApart).toSorted((a, b) => a - b)];
  return places.map((place, index) => output.slice(place, places[index + 1]).toWellFormed());
}

/** What a program hears from its terminal while we ask that for its size; `sizes` are the answers to us. */
async function heard(xterm: Xterm, output: readonly (readonly [string, boolean])[]) {
  const terminal = new Terminal(xterm);
  const sizes: unknown[] = [];
  let typed = '';
  const flow = new FlowControl({
    write: (text) => terminal.write(text),
    type: (text) => (typed += text),
    sized: (size) => sizes.push(size),
    pause: () => undefined,
    resume: () => undefined,
    linesKept: () => 100,
  });
  for (const [piece, isAsking] of output) {
    if (isAsking) {
      flow.askSize();
    }
    flow.output(piece);
    await terminal.cursor();
    flow.input(terminal.answers);
    terminal.answers = '';
  }
  flow.dispose();
  terminal.dispose();
  return { typed, sizes };
}

describe('FlowControl.askSize of xterm.js, in thousands of cases', { concurrency: true }, () => {
  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: the program hears just what it would hear alone`, async () => {
      let answered = 0;
      const same = fc.asyncProperty(pieces, async (output) => {
        const alone = new Terminal(xterm);
        output.forEach(([piece]) => alone.write(piece));
        await alone.cursor();
        const { typed, sizes } = await heard(xterm, output);
        assert.equal(typed, alone.answers);
        sizes.forEach((size) => assert.deepEqual(size, { columns: 20, rows: 6 }));
        answered += sizes.length;
        alone.dispose();
      });
      await fc.assert(same, { numRuns: 2_000 });
      assert.ok(answered > 2_000, `only ${answered} were answered`);
    });
  }
});
