/** The most of one text from outside that is looked at and shown, in characters. */
const maxText = 4 * 1024;

/** The most of one entry of the log, a stack with its causes among it, in characters. */
const maxEntry = 16 * 1024;

const blanks = [' ', '\t', '\r', '\n'];

/**
 * Cuts a text from outside, so that nobody has more than a bounded amount to look through or to read. It is cut at a
 * blank: a part of a secret would no longer be recognised as one.
 */
export function shorten(text: string, max = maxText): string {
  if (text.length <= max) {
    return text;
  }
  const end = Math.max(0, ...blanks.map((blank) => text.lastIndexOf(blank, max)));
  return `${text.slice(0, end)}…`;
}

/**
 * Takes tokens, exec passwords, and the credentials and the query of any address out of a text that is about to be shown
 * or logged. Each step looks at every character once: the time is linear in the text.
 */
export function redact(text: string): string {
  return shorten(text, maxEntry)
    .replace(/\S+/g, redactPassword)
    .replace(/\bBearer\s+\S{20,}/gi, 'Bearer [token]')
    .replace(/[^\s"']+/g, redactAddresses)
    .replace(/[\w.-]+/g, redactToken);
}

/** The end of every exec password. */
const passwordEnd = '[[EOM]]';

function redactPassword(word: string): string {
  const end = word.lastIndexOf(passwordEnd);
  return end < 0 ? word : `[password]${word.slice(end + passwordEnd.length)}`;
}

function redactAddresses(word: string): string {
  let shown = '';
  for (const part of word.split(/(?=(?:https?|wss?):\/\/)/i)) {
    const query = isAddress(part) ? part.search(/[?#]/) : -1;
    shown += withoutCredentials(query < 0 ? part : part.slice(0, query));
    if (query >= 0) {
      return `${shown}?…`;
    }
  }
  return shown;
}

function isAddress(text: string): boolean {
  return /^(?:https?|wss?):\/\//i.test(text);
}

/** An address without the name and password before its host, as the address of a proxy may have them. */
function withoutCredentials(address: string): string {
  if (!isAddress(address)) {
    return address;
  }
  const host = address.indexOf('://') + 3;
  const path = address.indexOf('/', host);
  const at = address.lastIndexOf('@', path < 0 ? undefined : path);
  return at < host ? address : `${address.slice(0, host)}…${address.slice(at)}`;
}

/** A JSON Web Token, whole or in part: its first part is the Base64 form of a JSON object. */
function redactToken(word: string): string {
  const start = word.search(/\beyJ/);
  return start < 0 || word.length - start < 20 ? word : `${word.slice(0, start)}[token]`;
}
