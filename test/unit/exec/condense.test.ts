import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { condense } from '../../../src/exec/condense.ts';
import { GroundTracker } from '../../../src/exec/groundTracker.ts';
import { Terminal, versions } from './terminal.ts';

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

describe('condense', { concurrency: true }, () => {
  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: leaves the same screen and scrollback as all of the output`, async () => {
      let shorter = 0;
      await fc.assert(
        fc.asyncProperty(
          before,
          lines,
          lines,
          fc.integer({ min: 1, max: 12 }),
          after,
          fc.nat(40),
          async (prefix, once, repeated, times, rest, cut) => {
            const output = once.flat().join('') + repeated.flat().join('').repeat(times) + rest;
            // The start was written before, be it half a sequence.
            const tracker = new GroundTracker();
            tracker.pass(prefix + output.slice(0, cut));
            const begun = cut + tracker.restOfSequence(output.slice(cut));
            const condensed = output.slice(0, begun) + condense(output.slice(begun), scrollback + 2 * rows);
            shorter += condensed.length < output.length ? 1 : 0;
            const [whole, part] = await Promise.all(
              [output, condensed].map(async (text) => {
                const terminal = new Terminal(xterm, columns, rows);
                terminal.write(prefix + text);
                terminal.write('q\u0301|\x1b8end');
                const state = await terminal.state();
                terminal.dispose();
                return state;
              }),
            );
            assert.equal(part, whole);
          },
        ),
        { numRuns: 2_000 },
      );
      assert.ok(shorter > 200, `only ${shorter} were condensed`);
    });
  }

  it('four megabytes come down to the lines that are kept', () => {
    const kept = condense(`${'y\r\n'.repeat(1_400_000)}^C\r\n$ `, 1_024);
    assert.match(kept, /^\r\n(y\r\n)+\^C\r\n\$ $/);
    assert.ok(kept.length < 3_100);
  });

  it('touches nothing that is not lines of text', () => {
    for (const text of ['\x1b[H'.repeat(5_000), '\x1b[5;1Hline\r\n'.repeat(5_000), 'x'.repeat(50_000), '']) {
      assert.equal(condense(text, 1_000), text);
    }
  });
});
