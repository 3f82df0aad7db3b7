import stable from '@xterm/headless';
import ofVsCode from 'xterm-headless-vscode';

/** The versions of xterm.js that the tests compare with: the published one, and the one in VS Code. */
export const versions = { 'xterm.js 6': stable, "VS Code's xterm.js": ofVsCode } as const;
/** The one that users have: unit tests compare with it alone, component tests with both. */
export const vscodeXterm = versions["VS Code's xterm.js"];
export type Xterm = (typeof versions)[keyof typeof versions];

/** Attributes of a cell, or of the characters to come. */
interface Attributes {
  getFgColorMode(): number;
  getFgColor(): number;
  getBgColorMode(): number;
  getBgColor(): number;
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isBlink(): number;
  isInverse(): number;
  isInvisible(): number;
  isStrikethrough(): number;
  isOverline(): number;
  isUnderline(): number;
  getUnderlineStyle(): number;
  getUnderlineColorMode(): number;
  getUnderlineColor(): number;
  readonly extended: { readonly urlId: number };
}

interface Side {
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: Readonly<Record<number, boolean | undefined>>;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedCurAttrData: Attributes;
  readonly savedCharset: unknown;
  readonly savedCharsets?: readonly unknown[];
  readonly savedGlevel?: number;
  readonly savedOriginMode?: boolean;
  readonly savedWraparoundMode?: boolean;
}

interface Mouse {
  readonly activeProtocol: string;
  readonly activeEncoding: string;
}

/** The Kitty keyboard protocol: `flags` are those of the screen in front. */
interface Keyboards {
  readonly flags: number;
  readonly mainFlags: number;
  readonly altFlags: number;
  readonly mainStack: readonly number[];
  readonly altStack: readonly number[];
}

interface Colour {
  /** 0 asks for it, 1 sets it, 2 takes it back. */
  readonly type: number;
  readonly index?: number;
  readonly color?: unknown;
}

/** What the tests look at inside xterm.js; the versions that they run with are pinned. */
interface Core {
  readonly coreService: {
    readonly modes: object;
    readonly decPrivateModes: object;
    readonly isCursorHidden: boolean;
    readonly kittyKeyboard?: Keyboards;
  };
  readonly coreMouseService?: Mouse;
  readonly mouseStateService?: Mouse;
  readonly _charsetService: {
    readonly charset: unknown;
    readonly glevel: number;
    readonly _charsets: readonly unknown[];
  };
  readonly _bufferService: {
    readonly buffers: { readonly active: Side; readonly normal: Side; readonly alt: Side };
  };
  readonly _inputHandler: {
    readonly _curAttrData: Attributes;
    readonly _windowTitle: string;
    readonly _iconName: string;
    onColor(listener: (colours: readonly Colour[]) => void): unknown;
  };
}

/** A terminal that draws nothing, small so that text wraps and scrolls. */
export class Terminal {
  readonly columns: number;
  /** What it has answered to queries. */
  answers = '';
  private title = '';
  private readonly colours = new Map<number, unknown>();
  private readonly terminal: stable.Terminal;
  private readonly core: Core;

  constructor(xterm: typeof stable, columns = 20, rows = 6) {
    this.columns = columns;
    const options = {
      cols: columns,
      rows,
      scrollback: 50,
      allowProposedApi: true,
      logLevel: 'off', // it would tell of every sequence that it cannot read
      windowOptions: { getWinSizeChars: true },
      vtExtensions: { kittyKeyboard: true, win32InputMode: true },
    } as const;
    this.terminal = new xterm.Terminal(options);
    // The public interface shows little of what lasts.
    this.core = (this.terminal as unknown as { readonly _core: Core })._core;
    this.terminal.onData((data) => (this.answers += data));
    this.terminal.onTitleChange((title) => (this.title = title));
    this.core._inputHandler.onColor((events) => events.forEach((event) => this.colour(event)));
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

  /** All that outlasts the output, to be seen or not, but for the places of the cursor and the tab stops. */
  async lasting() {
    await this.written();
    const { coreService, coreMouseService, mouseStateService } = this.core;
    const { _charsetService: charsets, _inputHandler: input } = this.core;
    const { active, normal, alt } = this.core._bufferService.buffers;
    const mouse = coreMouseService ?? mouseStateService;
    const { cursorBlink, convertEol } = this.terminal.options;
    return {
      modes: { ...coreService.modes, ...coreService.decPrivateModes, cursorBlink, convertEol },
      isCursorHidden: coreService.isCursorHidden,
      mouse: [mouse?.activeProtocol, mouse?.activeEncoding],
      keyboards: keyboards(coreService.kittyKeyboard, active === alt),
      attributes: attributes(input._curAttrData),
      charsets: [charsets.charset, charsets.glevel, ...first4(charsets._charsets)],
      isAlternate: active === alt,
      titles: [input._windowTitle, input._iconName],
      colours: [...this.colours].toSorted(([a], [b]) => a - b),
      margins: [normal, alt].map(({ scrollTop, scrollBottom }) => [scrollTop, scrollBottom]),
      saved: [normal, alt].map((side) => ({
        attributes: attributes(side.savedCurAttrData),
        charsets: [side.savedGlevel, ...first4(side.savedCharsets ?? [side.savedCharset])],
        modes: [side.savedOriginMode, side.savedWraparoundMode],
      })),
    };
  }

  /** {@link lasting} with what it leaves out, but for the place of the cursor. */
  async hidden(): Promise<unknown> {
    const lasting = await this.lasting();
    const { normal, alt } = this.core._bufferService.buffers;
    return {
      ...lasting,
      savedPlaces: [normal, alt].map((side) => [side.savedX, Math.max(side.savedY - side.ybase, 0)]),
      tabStops: [normal, alt].map(({ tabs }) => Array.from({ length: this.columns }, (_, x) => tabs[x])),
    };
  }

  /** The rows of the normal screen, with its scrollback. */
  async rows(): Promise<unknown> {
    await this.written();
    const { normal } = this.terminal.buffer;
    return Array.from({ length: normal.length }, (_, y) => this.line(normal.getLine(y)));
  }

  /** The text of the rows of the normal screen. */
  async text(): Promise<readonly string[]> {
    await this.written();
    const { normal } = this.terminal.buffer;
    return Array.from({ length: normal.length }, (_, y) => normal.getLine(y)?.translateToString(true) ?? '');
  }

  /** The screen in front, and the place of the cursor on it. */
  async cursor(): Promise<{ readonly screen: string; readonly x: number; readonly y: number }> {
    await this.written();
    const { type, cursorX, cursorY } = this.terminal.buffer.active;
    return { screen: type, x: cursorX, y: cursorY };
  }

  dispose(): void {
    this.terminal.dispose();
  }

  private written(): Promise<void> {
    return new Promise((resolve) => this.terminal.write('', resolve));
  }

  private colour({ type, index, color }: Colour): void {
    if (type === 1 && index !== undefined) {
      this.colours.set(index, color);
    } else if (type === 2) {
      [...this.colours.keys()]
        .filter((key) => key === index || (index === undefined && key < 256))
        .forEach((key) => this.colours.delete(key));
    }
  }

  private line(line: stable.IBufferLine | undefined): unknown {
    const cells = Array.from({ length: this.columns }, (_, x) => {
      const cell = line?.getCell(x);
      const of = cell as unknown as Attributes | undefined; // a cell of the buffer is made of them
      return [cell?.getChars(), cell?.getWidth(), of && attributes(of)];
    });
    return [line?.isWrapped, cells];
  }
}

function attributes(of: Attributes): unknown {
  return [
    [of.getFgColorMode(), of.getFgColor(), of.getBgColorMode(), of.getBgColor()],
    [of.isBold(), of.isDim(), of.isItalic(), of.isBlink(), of.isInverse(), of.isInvisible()].map(Boolean),
    [of.isStrikethrough(), of.isOverline(), of.isUnderline()].map(Boolean),
    [of.getUnderlineStyle(), of.getUnderlineColorMode(), of.getUnderlineColor()],
    of.extended.urlId !== 0, // where it leads is forgotten with the rows that it is on
  ];
}

function first4(charsets: readonly unknown[]): readonly unknown[] {
  return Array.from({ length: 4 }, (_, index) => charsets[index]);
}

/** The flags of both screens, and what was pushed below them. */
function keyboards(state: Keyboards | undefined, isAlternate: boolean): unknown {
  return (
    state && {
      normal: [...state.mainStack, isAlternate ? state.mainFlags : state.flags],
      alternate: [...state.altStack, isAlternate ? state.flags : state.altFlags],
    }
  );
}
