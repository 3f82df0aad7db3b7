/** There is no mode with a larger number. */
const maxMode = 9_999;

/** A colour as xterm.js reads it in a command. */
const colour = /^(?:#(?:[\da-f]{3}){1,4}|rgb(?:[:/][\da-f]{1,4}){3})$/i;

/** The sequences that set something last, each by what it sets and in their order. Its size is bounded. */
export class Settings {
  /** Whether a command of the shell runs, as far as its marks tell. */
  isCommandRunning = false;
  private readonly last = new Map<string, string>();
  private latest = '';

  get sequences(): string {
    return [...this.last.values()].join('');
  }

  set(what: string, sequence: string): void {
    if (what !== this.latest) {
      this.last.delete(what); // to be the last one in order too
      this.latest = what;
    }
    this.last.set(what, sequence);
  }

  setMode(mode: number, final: string): void {
    if (mode <= maxMode) {
      this.set(`?${mode}`, `\x1b[?${mode}${final}`);
    }
  }

  /** Sets a title, a link, colours or a mark of shell integration, as OSC with this data does. */
  command(data: string): void {
    const [, id, text = ''] = /^(\d+)(?:;([^]*))?$/.exec(data) ?? [];
    const number = Number(id);
    switch (number) {
      case 0: // both of the icon's name, 1, and the title, 2
      case 1:
      case 2:
        this.set(`title ${number}`, `\x1b]${number};${text}\x1b\\`);
        break;
      case 4:
        this.setPalette(text.split(';'));
        break;
      case 8:
        this.setLink(text);
        break;
      case 10: // the foreground, and after it the background, 11, and the cursor, 12
      case 11:
      case 12:
        text.split(';', 13 - number).forEach((value, index) => this.setColour(`${number + index}`, value));
        break;
      case 133:
      case 633:
        this.setMark(number, text);
        break;
      case 104:
        this.resetPalette(text);
        break;
      case 110:
      case 111:
      case 112:
        this.set(`colour ${number - 100}`, `\x1b]${number}\x1b\\`);
        break;
    }
  }

  private setLink(text: string): void {
    const [, parameters = '', address = ''] = /^([^;]*);([^]*)$/.exec(text) ?? [];
    if (address !== '' || (parameters.trim() === '' && text.includes(';'))) {
      this.set('link', `\x1b]8;${text}\x1b\\`);
    }
  }

  /** A mark of shell integration, VS Code's or the one of FinalTerm: of each kind, the last one says where the shell is. */
  private setMark(number: number, text: string): void {
    const [kind] = /^[A-EP](?=;|$)/.exec(text) ?? [];
    if (kind !== undefined) {
      this.isCommandRunning = kind === 'C' || (kind !== 'D' && this.isCommandRunning);
      this.set(`mark ${kind} ${number}`, `\x1b]${number};${text}\x1b\\`);
    }
  }

  private setPalette(parts: readonly string[]): void {
    for (let index = 0; index + 1 < parts.length; index += 2) {
      const [number = '', value = ''] = parts.slice(index, index + 2);
      if (isOfPalette(number)) {
        this.setColour(`4;${Number(number)}`, value);
      }
    }
  }

  /** `what` is the command that sets it, with its place in the palette. */
  private setColour(what: string, value: string): void {
    if (colour.test(value)) {
      this.set(`colour ${what}`, `\x1b]${what};${value}\x1b\\`);
    }
  }

  private resetPalette(text: string): void {
    if (text === '') {
      const all = [...this.last.keys()].filter((what) => what.startsWith('colour 4;'));
      all.forEach((what) => this.last.delete(what));
      this.set('palette', '\x1b]104\x1b\\');
    }
    for (const number of text.split(';').filter(isOfPalette)) {
      this.set(`colour 4;${Number(number)}`, `\x1b]104;${Number(number)}\x1b\\`);
    }
  }
}

/** Whether a text is the number of a colour of the palette. */
function isOfPalette(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) < 256;
}
