/**
 * Names of files are bytes in the container and text here. Bytes that are not UTF-8 stand for themselves as characters of
 * Unicode's private use area, U+F780 to U+F7FF; so do the bytes of those characters themselves, so that every name has
 * just one text and comes back as it was.
 */
const escapeBase = 0xf700;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const escaped = /[\uf780-\uf7ff]/;

/** The text of a name or a path. */
export function decodeName(bytes: Uint8Array): string {
  try {
    const text = decoder.decode(bytes);
    if (!escaped.test(text)) {
      return text;
    }
  } catch {
    // it is not UTF-8 throughout
  }
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    const part = bytes.subarray(at, at + length);
    const character = length === 1 ? undefined : strictly(part);
    if (character === undefined || escaped.test(character)) {
      const byte = bytes[at] ?? 0;
      text += String.fromCharCode(byte < 0x80 ? byte : escapeBase + byte);
      at++;
    } else {
      text += character;
      at += length;
    }
  }
  return text;
}

/** The bytes of a name or a path. */
export function encodeName(text: string): Uint8Array {
  if (!escaped.test(text)) {
    return encoder.encode(text);
  }
  const parts = text.split(/([\uf780-\uf7ff])/);
  return Buffer.concat(
    parts.map((part, index) =>
      index % 2 === 0 ? encoder.encode(part) : Uint8Array.of(part.charCodeAt(0) - escapeBase),
    ),
  );
}

/** How long the character would be that this byte starts. */
function characterLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

function strictly(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
