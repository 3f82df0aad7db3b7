import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from '../fc.ts';
import { ParserState } from '../../../src/terminal/parserState.ts';
import { Terminal, versions, type Xterm } from './terminal.ts';

/** Text that joins, wraps or is wide. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ maxLength: 30 }),
  fc.constantFrom('e\u0301', '\u0301', '\u200d', '👩‍💻', '🇩🇪', '你好', '\u00ad', '\ufe0f', 'a\u1100\u1161'),
);

/** Whole sequences: how they leave the terminal shows in what follows. */
const sequence = fc.oneof(
  fc.constantFrom('\r', '\n', '\b', '\t', '\x0e', '\x0f', '\x07', '\0', '\x7f', '\v'),
  fc.constantFrom(
    '\x1b[2J\x1b[H',
    '\x1b[1;31;44m',
    '\x1b[0m',
    '\x1b[38:2::1:2:3m',
    '\x1b[5;3H',
    '\x1b[3b',
    '\x1b[b',
  ),
  fc.constantFrom(
    '\x1b[4h',
    '\x1b[4l',
    '\x1b[?7l',
    '\x1b[?7h',
    '\x1b[?6h',
    '\x1b[2;4r',
    '\x1b[?1049h',
    '\x1b[?1049l',
  ),
  fc.constantFrom(
    '\x1b7',
    '\x1b8',
    '\x1b(0',
    '\x1b(B',
    '\x1b#8',
    '\x1bM',
    '\x1bD',
    '\x1bE',
    '\x1bH',
    '\x1bc',
    '\x1b=',
  ),
  fc.constantFrom(
    '\x1b[!p',
    '\x1b[2 q',
    '\x1b[?2026h',
    '\x1b[?2026l',
    '\x1b[?25l',
    '\x1b[3P',
    '\x1b[2@',
    '\x1b[L',
    '\x1b[M',
  ),
  fc.constantFrom(
    '\x1b[6n',
    '\x1b[c',
    '\x1b[>c',
    '\x1b[?2026$p',
    '\x1b[?77777777$p',
    '\x1b[4$p',
    '\x1b[18t',
    '\x1bP$qm\x1b\\',
  ),
  fc.constantFrom(
    '\x1b]0;title\x07',
    '\x1b]2;é 你\x1b\\',
    '\x1b]8;;http://a.b\x07',
    '\x1b]8;;\x07',
    '\x1bPq#0~-\x1b\\',
  ),
  fc.constantFrom(
    '\x1bXstring\x1b\\',
    '\x1b^string\x1b\\',
    '\x1b_Gstring\x1b\\',
    '\x9b31m',
    '\x9dtitle\x9c',
    '\x90q~\x9c',
  ),
);

/** Beginnings, ends and what breaks a sequence off. */
const fragment = fc.oneof(
  fc.constantFrom(
    '\x1b',
    '\x1b[',
    '\x1b[?',
    '\x1b[1;',
    '\x1b[1 ',
    '\x1b[<',
    '\x1b[1?é00',
    '\x1b[\x7f11',
    '\x1b[1?',
    '\x1b[é',
    '\x1b(',
    '\x1b#',
    '\x1b%',
    '\x1b( ',
    '\x1b%\r\n',
  ),
  fc.constantFrom(
    '\x1b]',
    '\x1b]0;',
    '\x1b]0;\x1b',
    '\x1bP',
    '\x1bP1;',
    '\x1bP$',
    '\x1bPq',
    '\x1bX',
    '\x1b^',
    '\x1b_',
  ),
  fc.constantFrom(
    '\x18',
    '\x1a',
    '\x07',
    '\x1b\\',
    '\x9c',
    '\x80',
    '\x84',
    '\x85',
    '\x88',
    '\x90',
    '\x98',
    '\x99',
    '\x9a',
  ),
  fc.constantFrom(
    '\x9b',
    '\x9b1',
    '\x9d',
    '\x9d0;',
    '\x9e',
    '\x9f',
    'm',
    '0',
    ';',
    ':',
    '$',
    ' ',
    '?',
    '\\',
    '\x1b[\n1',
    '\x1b\r',
  ),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)),
    maxLength: 20,
  }),
);

/** Terminal output in pieces that end anywhere but inside a character. */
const output: fc.Arbitrary<readonly string[]> = fc
  .array(fc.oneof({ weight: 2, arbitrary: text }, { weight: 2, arbitrary: sequence }, fragment), {
    maxLength: 20,
  })
  .map((parts) => Array.from(parts.join('').toWellFormed()))
  .chain((characters) =>
    fc
      .array(fc.nat(characters.length), { maxLength: 12 })
      .map((cuts) =>
        [...new Set([0, ...cuts])]
          .toSorted((a, b) => a - b)
          .map((cut, index, all) => characters.slice(cut, all[index + 1]).join('')),
      ),
  );

/** In which pieces a place is wanted, over and over. */
const places = fc.array(fc.boolean(), { maxLength: 4 });

/** Shows what the output has left behind out of sight: character set, wrap, tab stops, margins, saved cursor. */
const revealing = 'q\u0301w\t|\x1b[3b\x1b8x\r\n\n\n\n\n\n\nend';

/** Programs whose output is recorded. */
export const programs = ['colours', 'htop', 'less', 'vim'] as const;
type Program = (typeof programs)[number];
const recordings = path.join(import.meta.dirname, '../../recordings/terminal');

const query = '\x1b[?99999999$p';
const answer = '\x1b[?99999999;0$y';

/** The pieces with a query wherever the tracker finds a place; `asked` counts them. */
function withQueries(
  pieces: readonly string[],
  wanted: readonly boolean[],
): {
  readonly pieces: readonly string[];
  readonly asked: number;
} {
  const tracker = new ParserState();
  let asked = 0;
  const made = pieces.map((piece, index) => {
    if (wanted[index % wanted.length] === false) {
      tracker.pass(piece);
      return piece;
    }
    const place = tracker.follow(piece);
    if (place < 0) {
      return piece;
    }
    asked++;
    return piece.slice(0, place) + query + piece.slice(place);
  });
  return { pieces: made, asked };
}

/** Every query is answered, and nothing else differs: not what is on the screen, nor what the program hears. */
async function expectSame(
  xterm: Xterm,
  pieces: readonly string[],
  wanted: readonly boolean[],
  columns?: number,
  rows?: number,
): Promise<number> {
  const plain = new Terminal(xterm, columns, rows);
  const asking = new Terminal(xterm, columns, rows);
  try {
    const queried = withQueries(pieces, wanted);
    pieces.forEach((piece) => plain.write(piece));
    queried.pieces.forEach((piece) => asking.write(piece));
    plain.write(revealing);
    asking.write(revealing);
    const [expected, got] = await Promise.all([plain.state(), asking.state()]);
    assert.equal(got, expected);
    assert.equal(asking.answers.replaceAll(answer, ''), plain.answers);
    assert.equal(asking.answers.split(answer).length - 1, queried.asked);
    return queried.asked;
  } finally {
    plain.dispose();
    asking.dispose();
  }
}

/** Queries where the tracker finds a place change nothing in any output, cut anywhere. */
export function expectQueriesUnseen(xterm: Xterm, cases: number): Promise<void> {
  const unseen = fc.asyncProperty(output, places, async (pieces, wanted) => {
    await expectSame(xterm, pieces, wanted);
  });
  return fc.assert(unseen, { numRuns: cases });
}

/** Nor in what a real program wrote, in pieces of any length. */
export function expectQueriesUnseenIn(program: Program, cases: number): Promise<void> {
  const lengths = fc.array(fc.integer({ min: 20, max: 400 }), { minLength: 1 });
  const unseen = fc.asyncProperty(lengths, async (lengths) => {
    const pieces = piecesOf(program, lengths);
    for (const xterm of Object.values(versions)) {
      await expectSame(xterm, pieces, [], 80, 24);
    }
  });
  return fc.assert(unseen, { numRuns: cases });
}

/** In what a real program wrote there is always a place soon, whatever the length of its pieces. */
export function expectPlacesIn(program: Program): void {
  for (let length = 20; length <= 400; length++) {
    const pieces = piecesOf(program, [length]);
    const { asked } = withQueries(pieces, []);
    const characters = pieces.join('').length;
    assert.ok(asked >= characters / 2_000, `${asked} places in ${characters} characters by ${length}`);
  }
}

/** What the program wrote, cut into pieces of these lengths in characters, over and over. */
function piecesOf(program: Program, lengths: readonly number[]): readonly string[] {
  const characters = Array.from(readFileSync(path.join(recordings, `${program}.out`), 'utf8'));
  const pieces: string[] = [];
  for (let start = 0, index = 0; start < characters.length; index++) {
    const length = lengths[index % lengths.length] ?? 1;
    pieces.push(characters.slice(start, start + length).join(''));
    start += length;
  }
  return pieces;
}
