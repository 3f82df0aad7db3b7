import { Random } from './random.ts';

const pieces = [
  'The quick brown fox jumps over the lazy dog. ',
  'Größe, señor, façade, naïve. ',
  '你好，世界。こんにちは。',
  '🚀🧪👩‍💻 ',
  '\x1b[32mgreen\x1b[0m ',
  '0123456789abcdef\r\n',
];

/** Hundreds of megabytes take a second to make. */
let latest: { readonly bytes: number; readonly seed: number; readonly text: Buffer } | undefined;

/** Deterministic mixed text of exactly so many bytes of UTF-8: ASCII, two to four byte characters, colours, lines. */
export function firehoseText(bytes: number, seed = 1): Buffer {
  if (latest?.bytes !== bytes || latest.seed !== seed) {
    latest = { bytes, seed, text: makeText(bytes, seed) };
  }
  return latest.text;
}

function makeText(bytes: number, seed: number): Buffer {
  const random = new Random(seed);
  const encoded = pieces.map((piece) => Buffer.from(piece));
  const text = Buffer.alloc(bytes, '.');
  let length = 0;
  for (;;) {
    const piece = encoded[random.below(encoded.length)];
    if (piece === undefined || length + piece.length > bytes) {
      return text;
    }
    length += piece.copy(text, length);
  }
}
