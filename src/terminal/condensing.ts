import { ParserState } from './parserState.ts';

/**
 * Leaves out of terminal output the lines that would have left the screen and its scrollback by its end, so that the
 * terminal is left just as by all of it, only sooner. Only the start of `text` is looked at, as far as it is lines of
 * text with colours, links and titles; it has to begin in the VT parser's ground state.
 *
 * `linesKept` is at least the scrollback and twice the rows, as the first lines may only move the cursor down. One
 * thing may differ: rows that a scroll region leaves free keep nothing of the lines left out.
 */
export function dropScrolledLines(text: string, linesKept: number): string {
  const cut = startOfLastLines(text.slice(0, plainLength(text)), linesKept);
  return cut === undefined ? text : `${stateAfter(text.slice(0, cut))}\r\n${text.slice(cut)}`;
}

/**
 * Leaves out all of terminal output but its last `length` UTF-16 units, or a few less, whatever it does with the
 * cursor. Modes, margins, character sets, colours, titles and links are as after all of it. What else the rest has drawn
 * is missing, like what a terminal's driver throws away at an interrupt. `text` has to begin in the VT parser's ground
 * state; where it holds no place for a cut, it is left as it is.
 */
export function keepEnd(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  const tracker = new ParserState();
  const start = text.length - length;
  tracker.pass(text.slice(0, start));
  const step = Math.ceil(length / 8);
  for (let at = start; at < text.length; at += step) {
    const place = tracker.follow(text.slice(at, at + step));
    if (place >= 0) {
      return stateAfter(text.slice(0, at + place)) + text.slice(at + place);
    }
  }
  return text;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;
const escape = 0x1b;

/** The length of the start that is text, line ends and sequences that move no cursor. */
function plainLength(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === escape) {
      cursorless.lastIndex = index;
      if (!cursorless.test(text)) {
        return index;
      }
      index = cursorless.lastIndex - 1;
    } else if (
      (code < 0x20 && code !== lineFeed && code !== carriageReturn && code !== tab) ||
      (code >= 0x7f && code < 0xa0)
    ) {
      return index;
    }
  }
  return text.length;
}

/** Where the last `lines` lines, or a few more, begin at column 0; undefined where there are fewer. */
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

/** What outlasts its text: the last setting of each mode, margin, character set, title and link, and the colours since their last reset. */
function stateAfter(text: string): string {
  const settings = new Map<string, string>();
  for (const [sequence, ...groups] of text.matchAll(lastingSetting)) {
    const key = groups.join(''); // all but one are undefined, or all for a string that only had to be passed
    if (key !== '') {
      settings.delete(key); // the order is that of the last ones
      settings.set(key, sequence);
    }
  }
  const reset = Math.max(0, ...colourResets.map((sequence) => text.lastIndexOf(sequence)));
  return [...settings.values(), ...(text.slice(reset).match(colour) ?? [])].join('');
}

const colourResets = ['\x1b[0m', '\x1b[m', '\x1b[!p', '\x1bc'];

/* eslint-disable no-control-regex -- sequences start with ESC */

/** Colours (SGR), erased line ends (EL), cursor, paste and update modes (DECSET), titles and links (OSC). */
const cursorless =
  /\x1b(?:\[[\d;:]*[mK]|\[\?(?:25|2004|2026)[hl]|\][0128];[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\))/y;

/**
 * Modes (SM, DECSET and their resets), margins (DECSTBM), cursor style, soft and hard reset, keypad, character sets,
 * titles and links; and other strings, which hold no settings. The groups are what a later one has in common with the one that it replaces.
 */
const lastingSetting =
  /\x1b(?:\[(\??[\d;]+)[hl]|\[[\d;]*(r| q)|\[(!p)|(c)|([=>])|([()*+])[0-~]|\]([0128]);[^\x07\x1b]*(?:\x07|\x1b\\)|\][^\x07\x18\x1a\x1b\x80-\x9f]*|[PX^_][^\x18\x1a\x1b\x80-\x9f]*)|([\x0e\x0f])/g;

const colour = /\x1b\[[\d;:]*m/g;
