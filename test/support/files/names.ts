import fc from '../fc.ts';

/** Names that are hard for shells, terminals and archives. */
const hard = [
  ...[
    ' ',
    '  two ',
    "it's",
    '"quoted"',
    '-n',
    '--',
    '-',
    '*',
    '?',
    '[a]',
    '$HOME',
    '$(id)',
    '`id`',
    '\\',
    '\\n',
    '~',
  ],
  ...[
    '\n',
    '\nstart',
    'end\n',
    'a\nb',
    '\t',
    '\r',
    '\x1b[31mred',
    '\x1b]0;title\x07',
    '\x01',
    '\x7f',
    '...',
    '.hidden',
  ],
  ...[
    'é',
    'e\u0301',
    '日本語',
    '😀',
    '\u202eevil',
    '\ufeffbom',
    '%s',
    '#',
    '!',
    ';',
    '&',
    '|',
    '<',
    '>',
    '(',
    ')',
  ],
  ...[
    '=',
    'L',
    'tar: no such file',
    ': permission denied',
    'x'.repeat(200),
    'CON',
    'a:b',
    'a b/'.slice(0, 3),
  ],
];

/** The bytes of a name that a file can have. */
export const nameBytes: fc.Arbitrary<Buffer> = fc
  .oneof(
    fc.constantFrom(...hard).map((name) => Buffer.from(name)),
    fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((name) => Buffer.from(name)),
  )
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x5f : byte))))
  .filter((bytes) => !['.', '..'].includes(bytes.toString('latin1')));
