import type * as vscode from 'vscode';
import { ShellMarks } from '../../test/support/shellMarks.ts';

/** How long nothing may happen before the bench gives up, in milliseconds. */
const waitMs = 30_000;

/** The flow control's query, which xterm.js answers for every mode that it does not know. */
// eslint-disable-next-line no-control-regex -- a query starts with ESC
const query = /\x1b\[\?(\d+)\$p$/;
const queryEnd = '$p';

/** What VS Code does with a Pseudoterminal that takes input. */
type Terminal = Pick<Required<vscode.Pseudoterminal>, 'onDidWrite' | 'handleInput'>;

/** Stands in for xterm.js: draws nothing, and answers mode queries at once. */
export class StandIn {
  /** Called with each output and the length of the query in it. */
  onOutput: (text: string, queryLength: number) => void = () => undefined;
  private text = '';
  private onText: (() => void) | undefined;

  constructor(pty: Terminal) {
    pty.onDidWrite((text) => {
      const queryLength = this.answer(text, pty);
      this.onOutput(text, queryLength);
      this.text = (text.length < 1_000 ? this.text + text : text).slice(-1_000);
      this.onText?.();
    });
  }

  /** Waits until the latest output matches, and forgets it. */
  async seen(pattern: RegExp): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${String(pattern)} never came; the screen is ${JSON.stringify(this.text)}`)),
        waitMs,
      );
      this.onText = () => {
        if (pattern.test(new ShellMarks().without(this.text))) {
          clearTimeout(timer);
          this.onText = undefined;
          resolve();
        }
      };
      this.onText();
    });
    this.text = '';
  }

  /** Tells the length of the query that was answered, or 0. */
  private answer(text: string, pty: Terminal): number {
    for (let at = text.indexOf(queryEnd); at >= 0; at = text.indexOf(queryEnd, at + 1)) {
      const found = query.exec(text.slice(Math.max(0, at - 20), at + queryEnd.length));
      if (found !== null) {
        setImmediate(() => pty.handleInput(`\x1b[?${found[1] ?? ''};0$y`));
        return found[0].length;
      }
    }
    return 0;
  }
}
