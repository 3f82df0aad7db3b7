/**
 * What a terminal does with its output beyond showing it: the sequences in it, each told once it is whole, without what
 * introduces and ends it, and without the control characters in it, which the terminal carries out at once.
 */
export interface SequenceHandler {
  /** After ESC: intermediates and a final character, as `(0`. */
  escape(sequence: string): void;
  /** After CSI: parameters, intermediates and a final character, as `?25l`. It need not be well-formed. */
  control(sequence: string): void;
  /** After OSC, as `2;title`. */
  command(data: string): void;
  /** SO and SI: the character set that is shifted in, 1 and 0. */
  shift(set: 0 | 1): void;
}

/** The longest sequence that is told, in UTF-16 units: what is longer is no setting that could matter. */
const maxLength = 8 * 1024;

/**
 * Follows the VT500 parser of xterm.js (`EscapeSequenceParser.ts`) through terminal output, to tell what sequences it
 * holds, and where a control sequence may be put in without changing what the output does.
 *
 * Such a place is in the parser's ground state, and where what comes next cannot depend on what came before: a
 * combining character joins its base, and `CSI b` repeats the character before it.
 *
 * Where versions of xterm.js differ it takes the state that lasts longer, so a place that it tells is always one.
 */
export class ParserState {
  private readonly handler: SequenceHandler | undefined;
  private state: State = 'ground';
  /** As much of a sequence as has come before, where it is one that is told; undefined once that is too long. */
  private begun: string | undefined = '';

  constructor(handler?: SequenceHandler) {
    this.handler = handler;
  }

  /** The same state, with another one to tell what comes next. */
  copy(handler?: SequenceHandler): ParserState {
    const copy = new ParserState(handler);
    copy.state = this.state;
    copy.begun = this.begun;
    return copy;
  }

  /** Whether what comes next begins outside any sequence. */
  get isGround(): boolean {
    return this.state === 'ground';
  }

  /** Output in which no place is wanted. */
  pass(text: string): void {
    this.parse(text);
  }

  /** Output in which a place is wanted; tells the last one in it for a control sequence, or -1 where there is none. */
  follow(text: string): number {
    const ground = this.parse(text);
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

  /** Tells the sequences in the text; returns from where on all of it is in ground. */
  private parse(text: string): Ground | undefined {
    let { state } = this;
    let introducer = text.length; // of the last sequence
    let start = 0; // of what comes after it
    let from = 0; // where what is not gathered yet of a sequence begins
    const isUsual = !hasRareControls(text);
    for (let index = this.beginning(text, isUsual); index < text.length; index++) {
      if (state === 'ground') {
        index = isUsual ? nextEscape(text, index) : afterText(text, index);
        const end = endOfControl(text, index);
        if (end - index <= maxLength) {
          this.handler?.control(text.slice(index + 2, end));
          introducer = index;
          start = from = end;
          index = end - 1;
          continue;
        }
      } else if (state === 'csi') {
        index = afterParameters(text, index);
      } else if (state === 'osc' || state === 'string') {
        index = afterPrintable(text, index);
      }
      if (index === text.length) {
        break;
      }
      const code = text.charCodeAt(index);
      const isAny = isAnchor(code);
      const following = isAny ? afterAnchor(code) : next(state, code);
      if (isAny ? state === 'osc' && isEndOfCommand(code) : following === 'ground' && state !== 'ground') {
        this.tell(state, text.slice(from, state === 'osc' ? index : index + 1));
      }
      if (isAny || (following !== state && following !== 'intermediate')) {
        introducer = isAny ? index : introducer;
        this.begun = '';
        start = from = index + 1;
      } else if (!isPrintable(code)) {
        this.gather(isTold(state) ? text.slice(from, index) : '');
        from = index + 1;
        this.execute(state, code);
      }
      state = following;
    }
    this.state = state;
    if (state !== 'ground') {
      this.gather(isTold(state) ? text.slice(from) : '');
      return undefined;
    }
    whole.lastIndex = introducer;
    return { start, settled: whole.test(text) && whole.lastIndex === start };
  }

  /** From where on the text has to be read: what comes before changes nothing, or nothing that lasts. */
  private beginning(text: string, isUsual: boolean): number {
    if (this.handler === undefined) {
      return Math.max(0, text.lastIndexOf('\x1b')); // which sets the state, whatever it was
    }
    return isUsual && this.state === 'ground' ? lastReset(text) : 0;
  }

  /** A control character that is no anchor: inside a string it does nothing. */
  private execute(state: State, code: number): void {
    if (state !== 'osc' && state !== 'string' && (code === shiftOut || code === shiftIn)) {
      this.handler?.shift(code === shiftOut ? 1 : 0);
    }
  }

  private gather(part: string): void {
    const fits = this.begun !== undefined && this.begun.length + part.length <= maxLength;
    this.begun = fits ? `${this.begun}${part}` : undefined;
  }

  private tell(state: State, rest: string): void {
    this.gather(rest);
    const sequence = this.begun;
    this.begun = '';
    if (sequence === undefined || this.handler === undefined) {
      return;
    }
    if (state === 'csi') {
      this.handler.control(sequence);
    } else if (state === 'osc') {
      this.handler.command(sequence);
    } else {
      this.handler.escape(sequence);
    }
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

const bell = 0x07;
const shiftOut = 0x0e;
const shiftIn = 0x0f;
const escape = 0x1b;
const stringTerminator = 0x9c;

/** Whether what the state reads is told. */
function isTold(state: State): boolean {
  return state !== 'ground' && state !== 'string';
}

/** Whether an anchor ends OSC so that it is carried out. */
function isEndOfCommand(anchor: number): boolean {
  return anchor === escape || anchor === stringTerminator;
}

/** No control character, be it an anchor or not. */
function isPrintable(code: number): boolean {
  return code >= 0x20 && (code < 0x7f || code >= 0xa0);
}

/** What changes something in ground, other than ESC: SO, SI, and the C1 controls that begin a sequence. */
const rareControls = ['\x0e', '\x0f', '\x90', '\x98', '\x9b', '\x9d', '\x9e', '\x9f'];

/** Whether there is one of them: hardly ever. A search for each is quicker than one regular expression for all. */
function hasRareControls(text: string): boolean {
  return rareControls.some((control) => text.includes(control));
}

function nextEscape(text: string, start: number): number {
  const index = text.indexOf('\x1b', start);
  return index < 0 ? text.length : index;
}

/**
 * Where the last SGR that resets all attributes begins, among those before which there is only text and SGR: nothing of
 * that lasts. 0 where there is none.
 */
function lastReset(text: string): number {
  if (!text.includes('\x1b[m') && !text.includes('\x1b[0m')) {
    return 0;
  }
  let last = 0;
  for (let index = text.indexOf('\x1b'); index >= 0; index = text.indexOf('\x1b', index + 1)) {
    let end = index + 2;
    while (isDigitOrSemicolon(text.charCodeAt(end))) {
      end++;
    }
    if (text.charAt(index + 1) !== '[' || text.charAt(end) !== 'm') {
      break;
    }
    const isReset = end === index + 2 || (end === index + 3 && text.charAt(index + 2) === '0');
    last = isReset ? index : last;
  }
  return last;
}

function isDigitOrSemicolon(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x3b;
}

/** Where text that is only shown ends. */
function afterText(text: string, start: number): number {
  let index = start;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 ? code >= shiftOut : code >= 0x7f && code < 0xa0) {
      break;
    }
  }
  return index;
}

/** Where the parameters and intermediate characters of a control sequence end. */
function afterParameters(text: string, start: number): number {
  let index = start;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code >= 0x40) {
      break;
    }
  }
  return index;
}

/** Where a control sequence ends that begins with ESC and is whole and well-formed; infinity where none begins. */
function endOfControl(text: string, start: number): number {
  if (text.charCodeAt(start) !== escape || text.charAt(start + 1) !== '[') {
    return Number.POSITIVE_INFINITY;
  }
  const end = afterParameters(text, start + 2);
  const final = text.charCodeAt(end);
  return final >= 0x40 && final < 0x7f ? end + 1 : Number.POSITIVE_INFINITY;
}

/** Where the next control character is. */
function afterPrintable(text: string, start: number): number {
  let index = start;
  while (index < text.length && isPrintable(text.charCodeAt(index))) {
    index++;
  }
  return index;
}

/** Sets the parser's state whatever it was: ESC, CAN, SUB and C1. */
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
      return isControl ? state : afterEscape(code);
    case 'intermediate':
      return isControl || code < 0x30 ? state : 'ground';
    case 'csi':
      // Past ASCII a CSI that xterm.js ignores goes on and any other one is over.
      return code >= 0x40 && code < 0x7f ? 'ground' : state;
    case 'osc':
      return code === bell ? 'ground' : state;
    default:
      return state;
  }
}

function afterEscape(code: number): State {
  switch (code) {
    case 0x5b: // [
      return 'csi';
    case 0x5d: // ]
      return 'osc';
    case 0x50: // P
    case 0x58: // X
    case 0x5e: // ^
    case 0x5f: // _
      return 'string';
    default:
      return code < 0x30 ? 'intermediate' : 'ground';
  }
}

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
