import { controlCharacters } from '../base/controlCharacters.ts';

/** Control sequences that the terminal's own lines are made of. */

/** Back to the start of the line, and empties it. */
export const eraseLine = '\r\x1b[2K';

/** Hides the cursor, where nothing is typed. */
export const hideCursor = '\x1b[?25l';

/** How wide a terminal may be for all of its tab stops to be reset, in columns. */
const widest = 1_024;

/**
 * Makes a terminal as a new one, but for what is on its screen and in its scrollback and for the place of the cursor.
 * What has begun is broken off. From the alternate screen it goes back to where the cursor was saved.
 *
 * `tabStopWidth` is the distance of the tab stops of a new terminal, in columns.
 */
export function resetTerminal(tabStopWidth: number): string {
  const tabStops = `\x1bH\x1b[${tabStopWidth}C`.repeat(Math.ceil(widest / tabStopWidth));
  return [
    '\x18',
    '\x1b[?1049h\x1b[?1049l', // on the normal screen the cursor comes back to where it is
    '\x1b[!p', // most of it, and moves nothing
    '\x1b[?9;1000;1002;1003l\x1b[?1005;1006;1015;1016l', // mouse
    '\x1b[20l\x1b[?12l\x1b[0 q', // line feeds, blinking and style of the cursor
    '\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\', // colours
    '\x1b]0;\x1b\\',
    // The place of the cursor is kept where the alternate screen saves it, while the normal one is set up.
    '\x1b[?1047h\x1b7\x1b[?1047l',
    `\x1b[3g\r${tabStops}\x1b[g`, // at the edge, where the cursor stops, is none
    '\x1b[H\x1b7',
    '\x1b[?1047h\x1b8\x1b[!p\x1b[?1047l',
  ].join('');
}

/**
 * Text that stands back: in the theme's grey, which VS Code keeps readable; SGR 2 would halve the contrast. What Azure sent
 * in it may not steer the terminal, so control characters go.
 */
export function dim(text: string): string {
  return `\x1b[90m${text.replace(controlCharacters, ' ')}\x1b[0m`;
}
