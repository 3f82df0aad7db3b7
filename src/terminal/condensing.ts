import { ParserState } from './parserState.ts';
import type { TerminalState } from './terminalState.ts';

/**
 * Leaves out of terminal output the lines that would have left the screen and its scrollback by its end, so that the
 * terminal is left just as by all of it, only sooner. Only the start of `text` is looked at, as far as it is lines of
 * text with colours, links and titles; it has to begin in the VT parser's ground state, with the terminal in `state`.
 *
 * `linesKept` is at least the scrollback and twice the rows, as the first lines may only move the cursor down. One
 * thing may differ: rows that a scroll region leaves free keep nothing of the lines left out.
 */
export function dropScrolledLines(text: string, linesKept: number, state: TerminalState): string {
  const cut = startOfLastLines(text.slice(0, plainLength(text)), linesKept);
  if (cut === undefined) {
    return text;
  }
  const after = state.copy();
  new ParserState(after).pass(text.slice(0, cut));
  return `${after.changesSince(state)}\r\n${text.slice(cut)}`;
}

/**
 * Leaves out all of terminal output but its last `length` UTF-16 units, or a few less, whatever it does with the
 * cursor. Modes, margins, character sets, colours, titles and links are as after all of it. What else the rest has drawn
 * is missing, like what a terminal's driver throws away at an interrupt. `text` has to begin in the VT parser's ground
 * state, with the terminal in `state`; where it holds no place for a cut, it is left as it is.
 */
export function keepEnd(text: string, length: number, state: TerminalState): string {
  if (text.length <= length) {
    return text;
  }
  const start = text.length - length;
  const after = state.copy();
  const parser = new ParserState(after);
  parser.pass(text.slice(0, start));
  const cut = firstPlace(text, start, parser.copy());
  if (cut === undefined) {
    return text;
  }
  parser.pass(text.slice(start, cut));
  return after.changesSince(state) + text.slice(cut);
}

/** The first place for a cut from `start` on, or one soon after it. */
function firstPlace(text: string, start: number, parser: ParserState): number | undefined {
  const step = Math.ceil((text.length - start) / 8);
  let at = start;
  while (at < text.length) {
    const escape = text.lastIndexOf('\x1b', at + step); // before it may be the only place of text that is mostly sequences
    const end = escape > at ? escape : at + step;
    const place = parser.follow(text.slice(at, end));
    if (place >= 0) {
      return at + place;
    }
    at = end;
  }
  return undefined;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;
const escape = 0x1b;
const digit0 = 0x30;
const semicolon = 0x3b;

/** The length of the start that is text, line ends and sequences that move no cursor. */
function plainLength(text: string): number {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === escape) {
      const end = afterCursorless(text, index);
      if (end === index) {
        return index;
      }
      index = end - 1;
    } else if (
      (code < 0x20 && code !== lineFeed && code !== carriageReturn && code !== tab) ||
      (code >= 0x7f && code < 0xa0)
    ) {
      return index;
    }
  }
  return text.length;
}

/** Where a sequence that moves no cursor ends; `start` where none begins. */
function afterCursorless(text: string, start: number): number {
  const end = afterColour(text, start);
  if (end > start) {
    return end;
  }
  cursorless.lastIndex = start;
  return cursorless.test(text) ? cursorless.lastIndex : start;
}

/** The same for colours (SGR) and erased line ends (EL), which most are. */
function afterColour(text: string, start: number): number {
  let end = start + 2;
  while (end < text.length && text.charCodeAt(end) >= digit0 && text.charCodeAt(end) <= semicolon) {
    end++;
  }
  const final = text.charAt(end);
  return text.charAt(start + 1) === '[' && (final === 'm' || final === 'K') ? end + 1 : start;
}

/** Cursor, paste and update modes (DECSET), titles and links (OSC). */
const cursorless =
  // eslint-disable-next-line no-control-regex -- sequences start with ESC
  /\x1b(?:\[\?(?:25|2004|2026)[hl]|\][0128];[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\))/y;

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
