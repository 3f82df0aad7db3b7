import { numberOf, parametersOf } from './parameters.ts';
import { ParserState, type SequenceHandler } from './parserState.ts';
import { ascii, copyOf, initialRendition, renditionChanges, restored, withCharset } from './rendition.ts';
import { Settings } from './settings.ts';

type Screen = 'normal' | 'alternate';

/** The flags of the Kitty keyboard protocol: the ones in force, after those that they were pushed on. */
type Keyboard = readonly number[];

/** Sequences that designate a character set that xterm.js has, and what they designate it as. */
const designation = /^([()*+.-])([0AB4C5RQKYE6ZH7=])$/;
const designated: Readonly<Record<string, number>> = { '(': 0, ')': 1, '*': 2, '+': 3, '-': 1, '.': 2 };

/** Sequences that shift a character set in. */
const lockingShifts: Readonly<Record<string, number | undefined>> = { '~': 1, n: 2, '}': 2, o: 3, '|': 3 };

/** Insert mode and automatic newline, the only ANSI modes that xterm.js has. */
const ansiModes: readonly number[] = [4, 20];

/** Final characters of control sequences that set something. */
const settingFinals = 'hlpqrsu';

/** The parts of a control sequence. */
const controlSequence = /^([<-?]?)([\d:;]*)([ -/]*)[@-~]$/;

/** How many pushed flags xterm.js keeps. */
const maxPushed = 16;

/** Sets the margins to the edges of the screen. */
const noMargins = '\x1b[r';

/**
 * What of a terminal's state outlasts the output that sets it, but for the places of the cursor and the tab stops. It
 * is told the sequences of the output, and its size is bounded whatever they are.
 */
export class TerminalState implements SequenceHandler {
  private screen: Screen = 'normal';
  private rendition = initialRendition();
  private saved = { normal: initialRendition(), alternate: initialRendition() };
  private keyboards: Readonly<Record<Screen, Keyboard>> = { normal: [0], alternate: [0] };
  /** The sequences that set margins since this state began, or none. */
  private margins = { normal: '', alternate: '' };
  /** All else that was set since then. */
  private readonly settings = new Settings();

  get isAlternateScreen(): boolean {
    return this.screen === 'alternate';
  }

  /** Whether a command of a shell that marks its commands runs. */
  get isCommandRunning(): boolean {
    return this.settings.isCommandRunning;
  }

  /** A state that begins as this one is. */
  copy(): TerminalState {
    const copy = new TerminalState();
    copy.screen = this.screen;
    copy.rendition = copyOf(this.rendition);
    copy.saved = { ...this.saved };
    copy.keyboards = this.keyboards;
    return copy;
  }

  /** The sequences that bring a terminal to this state from the one as which it began. The cursor may move. */
  changesSince(beginning: TerminalState): string {
    const now = beginning.copy();
    const parser = new ParserState(now);
    const changes: string[] = [];
    const change = (sequences: string) => {
      changes.push(sequences);
      parser.pass(sequences);
    };
    change(this.settings.sequences);
    const other = this.screen === 'normal' ? 'alternate' : 'normal';
    for (const screen of [other, this.screen] as const) {
      const keyboard = keyboardChanges(now.keyboards[screen], this.keyboards[screen]);
      const set = `${this.margins[screen]}${keyboard}`;
      const isSaved = renditionChanges(now.saved[screen], this.saved[screen]) !== '';
      if (screen === this.screen || set !== '' || isSaved) {
        change(now.screen === screen ? '' : showing(screen));
        change(set);
        change(isSaved ? `${renditionChanges(now.rendition, this.saved[screen])}\x1b7` : '');
      }
    }
    change(renditionChanges(now.rendition, this.rendition));
    return changes.join('');
  }

  /** The text as a new terminal draws it; what is in force is so again after it. It sets nothing itself. */
  aside(text: string): string {
    const plain = { ...initialRendition(), origin: this.rendition.origin }; // to change that would move the cursor
    return renditionChanges(this.rendition, plain) + text + renditionChanges(plain, this.rendition);
  }

  shift(set: number): void {
    this.rendition = { ...this.rendition, shift: set };
  }

  escape(sequence: string): void {
    if (sequence === '\\') {
      return; // it ends a string
    }
    const [, designator = '', charset] = designation.exec(sequence) ?? [];
    if (charset !== undefined) {
      this.designate(designated[designator] ?? 0, charset);
      return;
    }
    this.shift(lockingShifts[sequence] ?? this.rendition.shift);
    switch (sequence) {
      case '7':
        this.save();
        break;
      case '8':
        this.restore();
        break;
      case 'c':
        this.reset();
        break;
      case '=':
        this.settings.setMode(66, 'h');
        break;
      case '>':
        this.settings.setMode(66, 'l');
        break;
      case '%@':
      case '%G':
        this.designate(0, ascii);
        this.shift(0);
        break;
    }
  }

  control(sequence: string): void {
    const final = sequence.charAt(sequence.length - 1);
    if (final === 'm') {
      this.rendition.attributes.apply(sequence);
    } else if (settingFinals.includes(final)) {
      const [, prefix, parameters, intermediates] = controlSequence.exec(sequence) ?? [];
      const numbers = parametersOf(parameters ?? '').map(numberOf);
      this.carryOut(`${prefix}${intermediates}${final}`, numbers);
    }
  }

  command(data: string): void {
    this.settings.command(data);
  }

  private carryOut(what: string, numbers: readonly number[]): void {
    const [first = 0, second = 0] = numbers;
    switch (what) {
      case 'h':
      case 'l':
        for (const mode of numbers.filter((number) => ansiModes.includes(number))) {
          this.settings.set(`${mode}`, `\x1b[${mode}${what}`);
        }
        break;
      case '?h':
        numbers.forEach((mode) => this.setMode(mode));
        break;
      case '?l':
        numbers.forEach((mode) => this.resetMode(mode));
        break;
      case '!p':
        this.softReset();
        break;
      case ' q':
        this.settings.set('cursor style', `\x1b[${first} q`);
        break;
      case 'r':
        this.setMargins(first === 0 ? 1 : first, second);
        break;
      case 's':
        this.save();
        break;
      case 'u':
        this.restore();
        break;
      case '=u':
        this.setKeyboard(second, first);
        break;
      case '>u':
        this.keyboard = [...this.keyboard.slice(-maxPushed), first];
        break;
      case '<u':
        this.popKeyboard(first);
        break;
    }
  }

  private setMode(mode: number): void {
    switch (mode) {
      case 2:
        [0, 1, 2, 3].forEach((place) => this.designate(place, ascii));
        break;
      case 6:
        this.rendition = { ...this.rendition, origin: true };
        break;
      case 7:
        this.rendition = { ...this.rendition, wraps: true };
        break;
      case 47:
      case 1047:
        this.show('alternate');
        break;
      case 1048:
        this.save();
        break;
      case 1049:
        this.save();
        this.show('alternate');
        break;
      default:
        this.settings.setMode(mode, 'h');
    }
  }

  private resetMode(mode: number): void {
    switch (mode) {
      case 6:
        this.rendition = { ...this.rendition, origin: false };
        break;
      case 7:
        this.rendition = { ...this.rendition, wraps: false };
        break;
      case 47:
      case 1047:
        this.show('normal');
        break;
      case 1048:
        this.restore();
        break;
      case 1049:
        this.show('normal');
        this.restore();
        break;
      default:
        this.settings.setMode(mode, 'l');
    }
  }

  private designate(place: number, charset: string): void {
    this.rendition = withCharset(this.rendition, place, charset);
  }

  private save(): void {
    this.saved[this.screen] = copyOf(this.rendition);
  }

  private restore(): void {
    this.rendition = restored(this.rendition, this.saved[this.screen]);
  }

  private show(screen: Screen): void {
    if (screen !== this.screen) {
      this.screen = screen;
      this.margins.alternate = screen === 'alternate' ? noMargins : ''; // it has none at first
    }
  }

  private setMargins(top: number, bottom: number): void {
    if (bottom === 0 || bottom > top) {
      this.margins[this.screen] = `\x1b[${top};${bottom}r`;
    }
  }

  private get keyboard(): Keyboard {
    return this.keyboards[this.screen];
  }

  private set keyboard(keyboard: Keyboard) {
    this.keyboards = { ...this.keyboards, [this.screen]: keyboard };
  }

  private setKeyboard(how: number, flags: number): void {
    const current = this.keyboard.at(-1) ?? 0;
    const changed = how === 2 ? current | flags : how === 3 ? current & ~flags : how > 3 ? current : flags;
    this.keyboard = [...this.keyboard.slice(0, -1), changed];
  }

  private popKeyboard(count: number): void {
    const rest = this.keyboard.slice(0, -Math.max(1, count));
    this.keyboard = rest.length > 1 ? rest : [0]; // what the first ones were pushed on is forgotten
  }

  private softReset(): void {
    const { attributes } = (this.rendition = initialRendition());
    this.settings.set('soft reset', `${showing(this.screen)}\x1b[!p`); // what it resets is that screen's
    this.saved[this.screen] = { ...this.saved[this.screen], attributes: attributes.copy() };
    this.margins[this.screen] = noMargins;
    this.keyboards = { normal: [0], alternate: [0] };
  }

  private reset(): void {
    this.settings.set('reset', '\x1bc');
    this.screen = 'normal';
    this.rendition = initialRendition();
    this.saved = { normal: initialRendition(), alternate: initialRendition() };
    this.margins = { normal: '', alternate: '' };
    this.keyboards = { normal: [0], alternate: [0] };
  }
}

/** The sequence that shows a screen and leaves the cursor where it is. */
function showing(screen: Screen): string {
  return screen === 'alternate' ? '\x1b[?1047h' : '\x1b[?1047l';
}

function keyboardChanges(from: Keyboard, to: Keyboard): string {
  if (from.join() === to.join()) {
    return '';
  }
  const [first, ...pushed] = to;
  return `\x1b[<${from.length}u\x1b[=${first}u${pushed.map((flags) => `\x1b[>${flags}u`).join('')}`;
}
