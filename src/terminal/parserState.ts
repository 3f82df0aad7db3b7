/**
 * Follows the VT500 parser of xterm.js (`EscapeSequenceParser.ts`) through terminal output, to tell where a
 * control sequence may be put in without changing what the output does.
 *
 * Such a place is in the parser's ground state, and where what comes next cannot depend on what came before: a
 * combining character joins its base, and `CSI b` repeats the character before it.
 *
 * Where versions of xterm.js differ it takes the state that lasts longer, so a place that it tells is always one.
 */
export class ParserState {
  private state: State = 'ground';

  /** Whether what comes next begins outside any sequence. */
  get isGround(): boolean {
    return this.state === 'ground';
  }

  /** Output in which no place is wanted. */
  pass(text: string): void {
    this.groundOf(text);
  }

  /** Output in which a place is wanted; tells the last one in it for a control sequence, or -1 where there is none. */
  follow(text: string): number {
    const ground = this.groundOf(text);
    return ground === undefined ? -1 : lastPlace(text, ground);
  }

  /** How much of the next output is still the rest of a sequence that has begun. It is not followed. */
  restOfSequence(text: string): number {
    let { state } = this;
    let index = 0;
    for (; index < text.length && state !== 'ground'; index++) {
      const code = text.charCodeAt(index);
      state = isAnchor(code) ? afterAnchor(code) : next(state, code);
    }
    return index;
  }

  /** From where on all of `text` is in ground. */
  private groundOf(text: string): Ground | undefined {
    // What comes before the last anchor has no part in the state.
    const last = lastAnchor(text);
    if (last >= 0) {
      whole.lastIndex = last;
      if (whole.test(text)) {
        this.state = 'ground';
        return { start: whole.lastIndex, settled: true };
      }
      this.state = afterAnchor(text.charCodeAt(last));
    }
    for (let index = last + 1; index < text.length && this.state !== 'ground'; index++) {
      this.state = next(this.state, text.charCodeAt(index));
      if (this.state === 'ground') {
        return { start: index + 1, settled: false };
      }
    }
    return this.state === 'ground' ? { start: last + 1, settled: false } : undefined;
  }
}

/** `string` is SOS, PM, APC and DCS; only what ends any state ends it. `osc` ends with BEL too. */
type State = 'ground' | 'escape' | 'intermediate' | 'csi' | 'osc' | 'string';

interface Ground {
  readonly start: number;
  /** What comes before `start` joins nothing that follows. */
  readonly settled: boolean;
}

/** A sequence that surely was dispatched, which also forgets the character before it. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const whole = /\x1b(?:\[[<-?]?[\d:;]*[ -/]*[@-~]|[ -/]+[0-~]|[0-OQ-WYZ\\`-~])/y;

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const anchor = /[\x18\x1a\x1b\x80-\x9f]/;

/** The last character that sets the parser's state whatever it was: ESC, CAN, SUB and C1; or -1. */
function lastAnchor(text: string): number {
  // Most text has none, and the expression sees that twice as fast as the loop.
  if (!anchor.test(text)) {
    return -1;
  }
  for (let index = text.length - 1; index >= 0; index--) {
    if (isAnchor(text.charCodeAt(index))) {
      return index;
    }
  }
  return -1;
}

function isAnchor(code: number): boolean {
  return code < 0x20 ? code === 0x1b || code === 0x18 || code === 0x1a : code >= 0x80 && code < 0xa0;
}

function afterAnchor(code: number): State {
  switch (code) {
    case 0x1b:
      return 'escape';
    case 0x9b:
      return 'csi';
    case 0x9d:
      return 'osc';
    case 0x90: // DCS
    case 0x98: // SOS
    case 0x9e: // PM
    case 0x9f: // APC
      return 'string';
    default:
      return 'ground';
  }
}

/** The state after a character that is no anchor. */
function next(state: State, code: number): State {
  const isControl = code < 0x20 || code === 0x7f;
  switch (state) {
    case 'escape':
      return isControl
        ? state
        : (afterEscape[String.fromCharCode(code)] ?? (code < 0x30 ? 'intermediate' : 'ground'));
    case 'intermediate':
      return isControl || code < 0x30 ? state : 'ground';
    case 'csi':
      // Past ASCII a CSI that xterm.js ignores goes on and any other one is over.
      return code >= 0x40 && code < 0x7f ? 'ground' : state;
    case 'osc':
      return code === 0x07 ? 'ground' : state;
    default:
      return state;
  }
}

const afterEscape: Readonly<Record<string, State | undefined>> = {
  '[': 'csi',
  ']': 'osc',
  P: 'string',
  X: 'string',
  '^': 'string',
  _: 'string',
};

/** The last place in what is ground: after a line feed, between two printable ASCII characters, or its start. */
function lastPlace(text: string, { start, settled }: Ground): number {
  const lineFeed = text.lastIndexOf('\n');
  if (lineFeed >= start) {
    return lineFeed + 1;
  }
  for (let place = text.length - 1; place > start; place--) {
    if (isPrintableAscii(text.charCodeAt(place)) && isPrintableAscii(text.charCodeAt(place - 1))) {
      return place;
    }
  }
  return settled ? start : -1;
}

function isPrintableAscii(code: number): boolean {
  return code >= 0x20 && code < 0x7f;
}
