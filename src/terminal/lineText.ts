/**
 * Escape sequences, as far as they go on the line, and single control characters but the tab. Each alternative consumes
 * what it has looked at, so that the time is linear in the text.
 */
const sequences =
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  /\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

// eslint-disable-next-line no-control-regex -- as above
const colour = /^\x1b\[[\d;:]*m$/;

// eslint-disable-next-line no-control-regex -- as above
const link = /^\x1b\]8;.*(?:\x07|\x1b\\)$/;

/** Ends a link and all that colours set. */
const plain = '\x1b]8;;\x1b\\\x1b[0m';

/**
 * A line from outside as it may be written to a terminal between others: its colours and links stay and end with it, and
 * nothing else of it steers the terminal.
 */
export function colouredLine(text: string): string {
  const line = text.replace(sequences, (sequence) =>
    colour.test(sequence) || link.test(sequence) ? sequence : '',
  );
  return line.includes('\x1b') ? line + plain : line;
}

/** A line from outside as plain text, without the sequences that only a terminal reads. */
export function plainLine(text: string): string {
  return text.replace(sequences, '');
}
