/**
 * Leaves out of terminal output the lines that would have left the screen and its scrollback by its end, so that the
 * terminal is left just as by all of it, only sooner. Only the start of `text` is looked at, as far as it is text,
 * line ends and colours; it has to begin in the VT parser's ground state.
 *
 * `linesKept` is at least the scrollback and twice the rows, as the first lines may only move the cursor down. One
 * thing may differ: rows that a scroll region leaves free keep nothing of the lines left out.
 */
export function condense(text: string, linesKept: number): string {
  const cut = startOfLastLines(text.slice(0, plainLength(text)), linesKept);
  return cut === undefined ? text : `${colours(text.slice(0, cut))}\r\n${text.slice(cut)}`;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;
const escape = 0x1b;

/** How much of the start is text, line ends, colours (SGR) and erased lines (EL). */
function plainLength(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === escape) {
      colour.lastIndex = index;
      if (!colour.test(text)) {
        return index;
      }
      index = colour.lastIndex - 1;
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

/** The colours that a text leaves set. */
function colours(text: string): string {
  const reset = Math.max(text.lastIndexOf('\x1b[0m'), text.lastIndexOf('\x1b[m'), 0);
  return (text.slice(reset).match(colourOnly) ?? []).join('');
}

// eslint-disable-next-line no-control-regex -- sequences start with ESC
const colour = /\x1b\[[\d;:]*[mK]/y;
// eslint-disable-next-line no-control-regex -- sequences start with ESC
const colourOnly = /\x1b\[[\d;:]*m/g;
