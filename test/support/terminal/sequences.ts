import fc from '../fc.ts';

/** Attributes of VS Code's xterm.js alone: where a colour has ended early, the versions do not agree on these. */
const ofVsCodeAlone: readonly number[] = [221, 222];

/** Numbers that mean something in a colour, and odd ones. */
const part = fc.oneof(
  fc.integer({ min: 0, max: 255 }).filter((number) => !ofVsCodeAlone.includes(number)),
  fc.constantFrom('', '00012', '256', '99999999999'),
);

/** A colour in each of the forms that programs use, and in some that they should not. */
const colour = fc
  .tuple(fc.constantFrom(38, 48, 58), part, part, part)
  .chain(([what, a, b, c]) =>
    fc.constantFrom(
      `${what};5;${a}`,
      `${what}:5:${a}`,
      `${what};2;${a};${b};${c}`,
      `${what}:2::${a}:${b}:${c}`,
      `${what}:2:${a}:${b}:${c}`,
      `${what};2:${a}:${b}`,
      `${what};5:${a}`,
      `${what}:2`,
      `${what};5`,
      `${what};3;${a};${b}`,
      `${what}`,
    ),
  );
const attribute = fc.constantFrom(1, 2, 3, 5, 7, 8, 9, 53, 22, 23, 25, 27, 28, 29, 55, 0, '', 6, 10, 54);
const ofPalette = fc.constantFrom(31, 39, 44, 49, 91, 97, 100, 107, 39, 49);
const underline = fc.constantFrom('4', '4:0', '4:1', '4:3', '4:5', '4:9', '4:', '21', '24', '59');

function sgrOf(parameter: fc.Arbitrary<string | number>): fc.Arbitrary<string> {
  return fc.array(parameter, { minLength: 1, maxLength: 4 }).map((all) => `\x1b[${all.join(';')}m`);
}

/** Attributes (SGR). */
export const sgr = sgrOf(fc.oneof(attribute, ofPalette, underline, colour));

/** The same but for underlines, which xterm.js saves and restores by halves. */
export const sgrNotUnderlined = sgrOf(
  fc.oneof(
    attribute,
    ofPalette,
    colour.filter((text) => !text.startsWith('58')),
  ),
);

function modesOf(...numbers: readonly number[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.array(fc.constantFrom(...numbers), { minLength: 1, maxLength: 3 }), fc.constantFrom('h', 'l'))
    .map(([some, final]) => `\x1b[?${some.join(';')}${final}`);
}

/** Modes that are neither saved with the cursor nor change the screen. */
export const modes = fc.oneof(
  modesOf(1, 5, 12, 25, 45, 66, 1004, 2004, 2026, 2031, 9001, 1337, 99_999_999),
  modesOf(9, 1000, 1002, 1003, 1005, 1006, 1015, 1016),
  fc.constantFrom('\x1b[4h', '\x1b[4l', '\x1b[20h', '\x1b[20l', '\x1b[4;20;2l', '\x1b=', '\x1b>'),
  fc.integer({ min: 0, max: 6 }).map((style) => `\x1b[${style} q`),
);

/** Modes and character sets that are saved with the cursor. */
export const savedModes = modesOf(6, 7);
export const charsets = fc.oneof(
  fc
    .tuple(fc.constantFrom('(', ')', '*', '+', '-', '.', '/'), fc.constantFrom('0', 'A', 'B', '=', '<', '4'))
    .map(([place, set]) => `\x1b${place}${set}`),
  fc.constantFrom(
    '\x0e',
    '\x0f',
    '\x1bn',
    '\x1bo',
    '\x1b|',
    '\x1b}',
    '\x1b~',
    '\x1b%@',
    '\x1b%G',
    '\x1b[?2h',
  ),
);

/** Titles and the colours of the palette, which no reset changes. */
export const commands = fc.oneof(
  fc.tuple(fc.constantFrom(0, 1, 2), fc.string()).map(([what, title]) => `\x1b]${what};${title}\x07`),
  fc.constantFrom('\x1b]2\x07', '\x1b]4;1;#123456\x07', '\x1b]4;2;rgb:12/34/56;x;y;3;#abc\x1b\\'),
  fc.constantFrom('\x1b]104\x07', '\x1b]104;2;3\x07', '\x1b]10;#111111;#222222;#333333;#4\x07'),
  fc.constantFrom('\x1b]11;rgb:1/2/3\x07', '\x1b]11;?\x07', '\x1b]110\x07', '\x1b]111\x1b\\', '\x1b]112\x07'),
);

export const links = fc.constantFrom(
  '\x1b]8;;https://example.com/a\x1b\\',
  '\x1b]8;id=1;https://example.com/b;c\x07',
  '\x1b]8;id=1:x=y;https://example.com/d\x07',
  '\x1b]8;;\x07',
  '\x1b]8;id=1;\x07',
  '\x1b]8\x07',
);

/** Flags of the Kitty keyboard protocol. */
export const keyboards = fc.constantFrom(
  '\x1b[>1u',
  '\x1b[>5u',
  '\x1b[<u',
  '\x1b[<2u',
  '\x1b[=3u',
  '\x1b[=8;2u',
  '\x1b[=1;3u',
);

export const margins = fc.constantFrom('\x1b[2;4r', '\x1b[r', '\x1b[3r', '\x1b[4;2r', '\x1b[1;5r');
export const screens = fc.constantFrom('\x1b[?1047h', '\x1b[?1047l', '\x1b[?47h', '\x1b[?47l');
export const resets = fc.constantFrom('\x1b[!p', '\x1bc');

/** Saves and restores the cursor, and what is saved with it. */
export const saving = fc.constantFrom(
  '\x1b7',
  '\x1b8',
  '\x1b[s',
  '\x1b[u',
  '\x1b[?1048h',
  '\x1b[?1048l',
  '\x1b[?1049h',
  '\x1b[?1049l',
);

/** Text, and what moves the cursor, draws or erases. */
export const drawing = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('你好', '👩‍💻', 'e\u0301', '\t', '\r', '='.repeat(45), '\r\x1b[K 42% [==>  ]', '\r\n', '\b'),
  fc.constantFrom(
    '\x1b[H',
    '\x1b[2J',
    '\x1b[5;3H',
    '\x1b[A',
    '\x1b[2@',
    '\x1b[L',
    '\x1b[3b',
    '\x1bM',
    '\x1bD',
  ),
);

/** Strings that hold none of this, and some that do not end. */
export const strings = fc.constantFrom(
  '\x1bP$qm\x1b\\',
  '\x1b_Gx\x1b\\',
  '\x1bPq#0~-',
  '\x1b]52;c;\x0e',
  '\x18',
  '\x9c',
);
