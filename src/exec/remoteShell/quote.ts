/**
 * A word of the agent's shell source that stands for these bytes, in printable ASCII and on one line.
 * @throws {TypeError} for NUL, which no argument of a program can hold.
 */
export function quote(value: string | Uint8Array): string {
  const text = Buffer.from(value).toString('latin1');
  if (text.includes('\0')) {
    throw new TypeError('an argument of a program cannot hold NUL');
  }
  const parts = text.match(/\n+|[ -~]+|[^ -~\n]+/g) ?? [''];
  return parts.map(quotePart).join('');
}

function quotePart(part: string): string {
  if (/^[ -~]*$/.test(part)) {
    return `'${part.replaceAll("'", String.raw`'\''`)}'`;
  }
  if (part.startsWith('\n')) {
    return `"${lineEnd.repeat(part.length)}"`; // command substitution would take it off
  }
  const octal = Array.from(part, (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return `"$(printf '${octal.join('')}')"`;
}

/** The agent's variable that holds a line end. */
const lineEnd = '$_e';
