import stable from '@xterm/headless';
import ofVsCode from 'xterm-headless-vscode';

/** The versions of xterm.js that the tests compare with: the published one, and the one in VS Code. */
export const versions = { 'xterm.js 6': stable, "VS Code's xterm.js": ofVsCode } as const;
export type Xterm = (typeof versions)[keyof typeof versions];

/** A terminal that draws nothing, small so that text wraps and scrolls. */
export class Terminal {
  readonly columns: number;
  /** What it has answered to queries. */
  answers = '';
  private title = '';
  private readonly terminal: stable.Terminal;

  constructor(xterm: typeof stable, columns = 20, rows = 6) {
    this.columns = columns;
    this.terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 50,
      allowProposedApi: true,
      logLevel: 'off', // it would tell of every sequence that it cannot read
    });
    this.terminal.onData((data) => (this.answers += data));
    this.terminal.onTitleChange((title) => (this.title = title));
  }

  write(text: string): void {
    this.terminal.write(text);
  }

  /** What is to be seen at the bottom of the buffer in front, with modes and title. */
  async visible(): Promise<string> {
    await this.written();
    const { active } = this.terminal.buffer;
    const lines = Array.from({ length: this.terminal.rows }, (_, y) =>
      this.line(active.getLine(active.baseY + y)),
    );
    return JSON.stringify([
      lines,
      active.type,
      active.cursorX,
      active.cursorY,
      this.terminal.modes,
      this.title,
    ]);
  }

  /** All that is to be seen once everything written is there: both buffers cell by cell, cursor, modes and title. */
  async state(): Promise<string> {
    await this.written();
    const { buffer, modes } = this.terminal;
    const lines = [buffer.normal, buffer.alternate].map((side) =>
      Array.from({ length: side.length }, (_, y) => this.line(side.getLine(y))),
    );
    const { active } = buffer;
    const cursor = [active.type, active.cursorX, active.cursorY, active.baseY];
    return JSON.stringify([lines, cursor, modes, this.title]);
  }

  dispose(): void {
    this.terminal.dispose();
  }

  private written(): Promise<void> {
    return new Promise((resolve) => this.terminal.write('', resolve));
  }

  private line(line: stable.IBufferLine | undefined): unknown {
    const cells = Array.from({ length: this.columns }, (_, x) => {
      const cell = line?.getCell(x);
      return [
        cell?.getChars(),
        cell?.getWidth(),
        cell?.getFgColor(),
        cell?.getBgColor(),
        cell?.isBold(),
        cell?.isUnderline(),
        cell?.isInverse(),
      ];
    });
    return [line?.isWrapped, cells];
  }
}
