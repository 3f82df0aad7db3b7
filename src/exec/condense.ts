/**
 * Leaves out of terminal output the lines that would have left the screen and its scrollback by its end, so that the
 * terminal is left just as by all of it, only sooner. Only the start of `text` is looked at, as far as it is lines of
 * text with colours, links and titles; it has to begin in the VT parser's ground state.
 *
 * `linesKept` is at least the scrollback and twice the rows, as the first lines may only move the cursor down. One
 * thing may differ: rows that a scroll region leaves free keep nothing of the lines left out.
 */
export function condense(text: string, linesKept: number): string {
  const cut = startOfLastLines(text.slice(0, plainLength(text)), linesKept);
  return cut === undefined ? text : `${whatLasts(text.slice(0, cut))}\r\n${text.slice(cut)}`;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;
const escape = 0x1b;

/** How much of the start is text, line ends and sequences that move no cursor. */
function plainLength(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === escape) {
      still.lastIndex = index;
      if (!still.test(text)) {
        return index;
      }
      index = still.lastIndex - 1;
    } else if (
      (code < 0x20 && code !== lineFeed && code !== carriageReturn && code !== tab) ||
      (code >= 0x7f && code < 0xa0)
    ) {
      return index;
    }
  }
  return text.length;
}

/** Where so many lines, or a few more, begin at column 0; undefined where there are not so many. */
function startOfLastLines(text: string, lines: number): number | undefined {
  let at = text.length;
  for (let seen = 0; seen <= lines || text.charCodeAt(at - 1) !== carriageReturn; seen++) {
    at = text.lastIndexOf('\n', at - 1);
    if (at <= 0) {
      return undefined;
    }
  }
  return at + 1;
}

/** What outlasts its line: the colours since the last reset, and the last setting of each mode, title and link. */
function whatLasts(text: string): string {
  const reset = Math.max(text.lastIndexOf('\x1b[0m'), text.lastIndexOf('\x1b[m'), 0);
  const settings = new Map<string, string>();
  for (const [sequence, mode, command] of text.matchAll(lastingSetting)) {
    const key = mode ?? command ?? '';
    settings.delete(key); // the order is that of the last ones
    settings.set(key, sequence);
  }
  return [...(text.slice(reset).match(colour) ?? []), ...settings.values()].join('');
}

/* eslint-disable no-control-regex -- sequences start with ESC */

/** Colours (SGR), erased line ends (EL), cursor, paste and update modes (DECSET), titles and links (OSC). */
const still =
  /\x1b(?:\[[\d;:]*[mK]|\[\?(?:25|2004|2026)[hl]|\][0128];[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\))/y;

const lastingSetting = /\x1b(?:\[\?(\d+)[hl]|\]([0128]);[^\x07\x1b]*(?:\x07|\x1b\\))/g;

const colour = /\x1b\[[\d;:]*m/g;
