/** Control sequences that the terminal's own lines are made of. */

/** Back to the start of the line, and empties it. */
export const eraseLine = '\r\x1b[2K';

/**
 * Undoes what a program may have left behind: alternate screen, mouse reports, bracketed paste, application
 * cursor keys, hidden cursor, colours. 1047 and not 1049, which would move the cursor.
 */
export const resetModes = '\x1b[?1047l\x1b[?1000;1002;1003;1006l\x1b[?2004l\x1b[?1l\x1b[?25h\x1b[0m';

/** Dim text. What Azure sent in it may not steer the terminal, so control characters go. */
export function dim(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return `\x1b[2m${text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')}\x1b[0m`;
}
