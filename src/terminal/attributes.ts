import { absent, numberOf, parametersOf, type Parameter } from './parameters.ts';

/** What switches an attribute on: bold, faint, italic, blinking, inverse, invisible, crossed out, overlined. */
const switches: readonly number[] = [1, 2, 3, 5, 7, 8, 9, 53];

/** The bits of the attributes that a parameter sets. */
const setBits = new Map(switches.map((parameter, bit) => [parameter, 1 << bit]));

/** The bits that a parameter clears. */
const clearedBits = new Map([
  [22, 1 | 2],
  [23, 4],
  [25, 8],
  [27, 16],
  [28, 32],
  [29, 64],
  [55, 128],
  [221, 1],
  [222, 2],
]);

/** The attributes of the characters to come, which SGR sets. A colour is the parameters that set it, and none by default. */
export class Attributes {
  private foreground: readonly number[] = [];
  private background: readonly number[] = [];
  private underlineColour: readonly number[] = [];
  /** The style of the underline: 1 is the plain one, and 0 is none. */
  private underline = 0;
  private flags = 0;

  copy(): Attributes {
    return Object.assign(new Attributes(), this);
  }

  /** The control sequence that sets them all, whatever they were. */
  get sequence(): string {
    const parameters = [
      0,
      ...switches.filter((_parameter, bit) => (this.flags & (1 << bit)) !== 0),
      ...(this.underline === 0 ? [] : [`4:${this.underline}`]),
      ...this.foreground,
      ...this.background,
      ...this.underlineColour,
    ];
    return `\x1b[${parameters.join(';')}m`;
  }

  /** What SGR does, of which this is what comes after CSI. */
  apply(sequence: string): void {
    const parameters = parametersOf(sequence, sequence.length - 1);
    for (let index = 0; index < parameters.length; index++) {
      const parameter = parameters[index] ?? 0;
      const number = numberOf(parameter);
      if (number === 38 || number === 48 || number === 58) {
        index += this.setColour(parameters, index);
      } else {
        this.set(number, parameter);
      }
    }
  }

  private set(number: number, parameter: Parameter): void {
    if ((number >= 30 && number <= 37) || (number >= 90 && number <= 97)) {
      this.foreground = [number];
    } else if ((number >= 40 && number <= 47) || (number >= 100 && number <= 107)) {
      this.background = [number];
    } else {
      switch (number) {
        case 0:
          this.foreground = this.background = this.underlineColour = [];
          this.underline = this.flags = 0;
          break;
        case 4:
          this.underline = underlineStyle(parameter);
          break;
        case 21:
          this.underline = 2;
          break;
        case 24:
          this.underline = 0;
          break;
        case 39:
          this.foreground = [];
          break;
        case 49:
          this.background = [];
          break;
        case 59:
          this.underlineColour = [number]; // to xterm.js not the same as none
          break;
        default:
          this.flags = (this.flags | (setBits.get(number) ?? 0)) & ~(clearedBits.get(number) ?? 0);
      }
    }
  }

  /** Tells how many more parameters it takes. xterm.js takes them in parameters, in subparameters, or in both. */
  private setColour(parameters: readonly Parameter[], start: number): number {
    // What it is the colour of, its mode, a colour space that plays no part, then an index or three parts.
    const read = [0, 0, 0, 0, 0, 0];
    let skipped = 0; // parameters leave the colour space out
    let taken = 0;
    do {
      const parameter = parameters[start + taken] ?? 0;
      read[taken + skipped] = numberOf(parameter);
      if (typeof parameter !== 'number' && parameter.length > 1) {
        for (let index = 1; index < parameter.length; index++) {
          skipped = read[1] === 5 ? 1 : skipped;
          read[taken + skipped + index] = Math.max(0, parameter[index] ?? 0);
        }
        break;
      }
      if (taken + skipped >= (read[1] === 5 ? 2 : 5) && (read[1] === 5 || read[1] === 2)) {
        break;
      }
      skipped = read[1] === 0 ? skipped : 1;
      taken++;
    } while (start + taken < parameters.length && taken + skipped < read.length);
    const [what = 0, mode, , first = 0, second = 0, third = 0] = read;
    if (mode === 2) {
      this.colour(what, [what, 2, first & 0xff, second & 0xff, third & 0xff]);
    } else if (mode === 5) {
      this.colour(what, [what, 5, first & 0xff]);
    }
    return taken;
  }

  private colour(what: number, parameters: readonly number[]): void {
    switch (what) {
      case 38:
        this.foreground = parameters;
        break;
      case 48:
        this.background = parameters;
        break;
      case 58:
        this.underlineColour = parameters;
        break;
    }
  }
}

function underlineStyle(parameter: Parameter): number {
  const style = typeof parameter === 'number' ? 1 : (parameter[1] ?? 1);
  return style === absent || style > 5 ? 1 : style;
}
