import assert from 'node:assert/strict';
import fc from '../fc.ts';
import { dropScrolledLines, keepEnd } from '../../../src/terminal/condensing.ts';
import { ParserState } from '../../../src/terminal/parserState.ts';
import { TerminalState } from '../../../src/terminal/terminalState.ts';
import * as sequences from './sequences.ts';
import { Terminal, vscodeXterm, type Xterm } from './terminal.ts';

const [columns, rows, scrollback] = [20, 6, 50];

/** What a line may hold: text of any width, colours, erased ends. */
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  fc.constantFrom('你好', '👩‍💻', 'e\u0301', '\t', '\r', 'x'.repeat(19), '='.repeat(45), '\r\x1b[K 42% [=> ]'),
  { weight: 2, arbitrary: sequences.sgr },
  fc.constant('\x1b[K'),
);
const setting = fc.constantFrom(
  '\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\',
  '\x1b]8;;https://example.com\x07',
  '\x1b]8;;\x07',
  '\x1b]0;both\x07',
  '\x1b]2;title é\x1b\\',
  '\x1b[?25l',
  '\x1b[?25h',
  '\x1b[?2004h',
  '\x1b[?2004l',
);
const line = fc
  .array(fc.oneof({ weight: 3, arbitrary: piece }, setting), { maxLength: 4 })
  .map((pieces) => pieces.join(''));
const lines = fc
  .constantFrom(['\r\n'], ['\r\n', '\n'], ['\r\n', '\n', '\n', '\n', '\n', '\n', '\n', '\n'])
  .chain((ends) => fc.array(fc.tuple(line, fc.constantFrom(...ends)), { minLength: 1, maxLength: 30 }));

/** What the terminal has been told before. */
const before = fc
  .array(
    fc.constantFrom(
      'before\r\n',
      '\x1b[?1049h',
      '\x1b[4h',
      '\x1b[?7l',
      '\x1b[1;4r',
      '\x1b[3;7H',
      '\x1b[42m',
      '\x1b(0',
      'é\u0301',
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** What comes after the lines and stays as it is. */
const after = fc.constantFrom('', '$ ', '\x1b[?2004h$ ', '\x1b]0;t\x07\x1b[2J', '\u0301', '\x1b[3b');

/** What a terminal tells once all of some output is there. */
async function told(
  xterm: Xterm,
  output: readonly string[],
  read: (terminal: Terminal) => Promise<string>,
): Promise<string> {
  const terminal = new Terminal(xterm, columns, rows);
  output.forEach((text) => terminal.write(text));
  const answer = await read(terminal);
  terminal.dispose();
  return answer;
}

/** The state of a terminal in which all this output is. */
function stateAfter(output: string): TerminalState {
  const state = new TerminalState();
  new ParserState(state).pass(output);
  return state;
}

/** `dropScrolledLines` leaves the same screen and scrollback as all of the output, and does drop lines. */
export async function expectSameScrollback(xterm: Xterm, cases: number): Promise<void> {
  let shorter = 0;
  const same = fc.asyncProperty(
    before,
    lines,
    lines,
    fc.integer({ min: 1, max: 12 }),
    after,
    fc.nat(40),
    async (prefix, once, repeated, times, rest, cut) => {
      const output = once.flat().join('') + repeated.flat().join('').repeat(times) + rest;
      // The start was written before, be it half a sequence.
      const parser = new ParserState();
      parser.pass(prefix + output.slice(0, cut));
      const begun = cut + parser.restOfSequence(output.slice(cut));
      const state = stateAfter(prefix + output.slice(0, begun));
      const condensed =
        output.slice(0, begun) + dropScrolledLines(output.slice(begun), scrollback + 2 * rows, state);
      shorter += condensed.length < output.length ? 1 : 0;
      const [whole, part] = await Promise.all(
        [output, condensed].map((text) =>
          told(xterm, [prefix + text, 'q\u0301|\x1b8end'], (terminal) => terminal.state()),
        ),
      );
      assert.equal(part, whole);
    },
  );
  await fc.assert(same, { numRuns: cases });
  assert.ok(shorter > cases / 50, `only ${shorter} were condensed`);
}

const { drawing, strings, modes, savedModes, charsets, commands, links, keyboards, margins, screens } =
  sequences;
const always = [{ weight: 2, arbitrary: drawing }, strings, modes, commands, sequences.resets];

/** Output that sets anything that lasts, but what the version of xterm.js does in a way of its own. */
function anyOutput(xterm: Xterm): fc.Arbitrary<string> {
  const isOfVsCode = xterm === vscodeXterm;
  const saved = isOfVsCode ? [savedModes, charsets] : []; // the other saves only half of these
  return fc.oneof(
    outputOf(...always, sequences.sgr, savedModes, charsets, links, margins, screens),
    outputOf(...always, sequences.sgr, keyboards, links),
    outputOf(...always, sequences.sgrNotUnderlined, sequences.saving, margins, screens, ...saved),
  );
}

function outputOf(...parts: readonly fc.MaybeWeightedArbitrary<string>[]): fc.Arbitrary<string> {
  return fc.array(fc.oneof(...parts), { minLength: 10, maxLength: 60 }).map((all) => all.join(''));
}

/** Ends what has not ended. */
const end = '\x1b\\';

/** Wipes away what the end has not drawn over; the rest shows how the next text would be drawn. */
const wipe = `\x1b[2J\x1b[H${'q\u0301w\t|\r\n'.repeat(7)}end${'x'.repeat(30)}`;

/** After `keepEnd` all that lasts is as after the whole output, and it does shorten. */
export async function expectSameEnd(xterm: Xterm, cases: number): Promise<void> {
  let shorter = 0;
  const same = fc.asyncProperty(
    anyOutput(xterm),
    fc.nat(200),
    fc.integer({ min: 20, max: 80 }),
    async (all, written, length) => {
      const parser = new ParserState();
      parser.pass(all.slice(0, written));
      const begun = written + parser.restOfSequence(all.slice(written));
      const [before, output] = [all.slice(0, begun), all.slice(begun)];
      const kept = keepEnd(output, length, stateAfter(before));
      shorter += kept.length < output.length ? 1 : 0;
      const [whole, part] = await Promise.all(
        [output, kept].map((text) => lasting(xterm, before + text + end)),
      );
      assert.deepEqual(part, whole);
    },
  );
  await fc.assert(same, { numRuns: cases });
  assert.ok(shorter > cases / 50, `only ${shorter} were shortened`);
}

async function lasting(xterm: Xterm, output: string): Promise<readonly unknown[]> {
  const terminal = new Terminal(xterm, columns, rows);
  terminal.write(output);
  const state = await terminal.lasting();
  terminal.write(wipe);
  const seen = await terminal.visible();
  terminal.dispose();
  return [state, seen];
}
