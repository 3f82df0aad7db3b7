/* eslint-disable no-control-regex -- marks start with ESC */

/** A mark of shell integration (OSC 633). */
const mark = /\x1b\]633;[^\x07\x18\x1b]*\x07/g;

/** A mark that has begun. */
const begun = /\x1b(?:\](?:6(?:3(?:3(?:;[^\x07\x18\x1b]*)?)?)?)?)?$/;

/** Takes the marks of shell integration, which a terminal shows nobody, out of output that is cut anywhere. */
export class ShellMarks {
  private held = '';

  without(data: string): string {
    const text = (this.held + data).replace(mark, '');
    // A mark is short; what is longer is none.
    const at = text.slice(-10_000).search(begun);
    this.held = at < 0 ? '' : text.slice(-10_000).slice(at);
    return text.slice(0, text.length - this.held.length);
  }
}
