import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dropScrolledLines, keepEnd } from '../../../src/terminal/condensing.ts';
import { ParserState } from '../../../src/terminal/parserState.ts';
import { Terminal, type Xterm } from './terminal.ts';

const [columns, rows, scrollback] = [20, 6, 50];

/** What a line may hold: text of any width, colours, erased ends. */
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  fc.constantFrom('你好', '👩‍💻', 'e\u0301', '\t', '\r', 'x'.repeat(19), '='.repeat(45)),
  fc.constantFrom(
    '\x1b[31m',
    '\x1b[1;44m',
    '\x1b[0m',
    '\x1b[m',
    '\x1b[38:2::1:2:3m',
    '\x1b[7m',
    '\x1b[K',
    '\x1b[4:3m',
  ),
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
      const tracker = new ParserState();
      tracker.pass(prefix + output.slice(0, cut));
      const begun = cut + tracker.restOfSequence(output.slice(cut));
      const condensed =
        output.slice(0, begun) + dropScrolledLines(output.slice(begun), scrollback + 2 * rows);
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
  assert.ok(shorter > cases / 10, `only ${shorter} were condensed`);
}

/** What moves the cursor, draws, erases, sets something that lasts, or begins a string that does not end. */
const anything = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  piece,
  setting,
  fc.constantFrom(
    '\r\n',
    '\x1b[H',
    '\x1b[2J',
    '\x1b[5;3H',
    '\x1b[A',
    '\b',
    '\x1b[2@',
    '\x1b[L',
    '\x1b[3b',
    '\x1bM',
  ),
  fc.constantFrom('\x1b[4h', '\x1b[4l', '\x1b[?7l', '\x1b[?7h', '\x1b[?6h', '\x1b[?6l', '\x1b[!p', '\x1bc'),
  fc.constantFrom('\x1b[?1h', '\x1b[?1l', '\x1b=', '\x1b>', '\x1b[?1002h', '\x1b[?1002l', '\x1b[?25;2004h'),
  fc.constantFrom('\x1b(0', '\x1b(B', '\x1b)0', '\x0e', '\x0f', '\x1bP$qm\x1b\\', '\x1b_Gx\x1b\\'),
  fc.constantFrom('\x1bPq#0~-', '\x18', '\x9c'),
);
/** Each screen has margins of its own, which are not told apart. */
const screens = fc.constantFrom('\x1b[?1047h', '\x1b[?1047l');
const margins = fc.constantFrom('\x1b[2;4r', '\x1b[r');
const long = { minLength: 10, maxLength: 60 };
const anyOutput = fc
  .oneof(fc.array(fc.oneof(anything, screens), long), fc.array(fc.oneof(anything, margins), long))
  .map((parts) => parts.join(''));

/** Wipes away what the end has not drawn over; the rest shows how the next text would be drawn. */
const wipe = `\x1b\\\x1b[2J\x1b[H${'q\u0301w\t|\r\n'.repeat(7)}end${'x'.repeat(30)}`;

/** After `keepEnd` all that lasts is as after the whole output, and it does shorten. */
export async function expectSameEnd(xterm: Xterm, cases: number): Promise<void> {
  let shorter = 0;
  const same = fc.asyncProperty(anyOutput, fc.integer({ min: 20, max: 80 }), async (output, length) => {
    const kept = keepEnd(output, length);
    shorter += kept.length < output.length ? 1 : 0;
    const [whole, part] = await Promise.all(
      [output, kept].map((text) => told(xterm, [text, wipe], (terminal) => terminal.visible())),
    );
    assert.equal(part, whole);
  });
  await fc.assert(same, { numRuns: cases });
  assert.ok(shorter > cases / 10, `only ${shorter} were shortened`);
}
