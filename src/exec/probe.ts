import { Emitter } from '../base/emitter.ts';

/**
 * A probe finds out which terminal of a container belongs to an exec session: a private OSC sequence with a random
 * token, written to terminal after terminal. The session whose output carries the token runs in that terminal.
 */
export interface Probe {
  readonly token: string;
  /** The N of the terminal's `/dev/pts/N`. */
  readonly terminal: number;
}

const escape = 0x1b;
const start = Buffer.from('\x1b]7791;');
const end = Buffer.from('\x1b\\');

/** The length of a token, in lower-case hexadecimal characters. */
const tokenLength = 32;
const maxDigits = 10;

/** The format of a probe for the shell's `printf`, which takes the token and the terminal's number. */
export const probeFormat = String.raw`\033]7791;%s;%s\033\\`;

/** The length of the longest probe, in bytes. */
const maxProbe = start.length + tokenLength + 1 + maxDigits + end.length;

/**
 * Cuts probes out of terminal output, its own and those of other sessions. It works on bytes and wherever a probe
 * stands: the kernel may put one inside a character or an escape sequence of the program's.
 */
export class ProbeFilter {
  private held = Buffer.alloc(0);
  private readonly found = new Emitter<Probe>();

  readonly onProbe = this.found.event;

  /** The output without its probes. What may be the start of one waits for the next bytes. */
  filter(output: Uint8Array): Buffer {
    const data = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
    if (this.held.length === 0 && !data.includes(escape)) {
      return data;
    }
    let rest = this.held.length === 0 ? data : Buffer.concat([this.held, data]);
    this.held = Buffer.alloc(0);
    const kept: Buffer[] = [];
    let from = 0;
    for (;;) {
      const at = rest.indexOf(start, from);
      if (at < 0) {
        break;
      }
      const found = readProbe(rest.subarray(at, at + maxProbe));
      if (found === 'partial') {
        this.held = Buffer.from(rest.subarray(at));
        rest = rest.subarray(0, at);
        break;
      }
      if (found === undefined) {
        from = at + 1;
        continue;
      }
      kept.push(rest.subarray(0, at));
      rest = rest.subarray(at + found.length);
      from = 0;
      this.found.fire(found.probe);
    }
    const partial = this.held.length > 0 ? 0 : partialStart(rest);
    if (partial > 0) {
      this.held = Buffer.from(rest.subarray(rest.length - partial));
      rest = rest.subarray(0, rest.length - partial);
    }
    return kept.length === 0 ? rest : Buffer.concat([...kept, rest]);
  }

  /** What still waits, once no further bytes come. */
  flush(): Buffer {
    const rest = this.held;
    this.held = Buffer.alloc(0);
    return rest;
  }
}

/** The probe at the start of `data`; `partial` when more bytes could make one, undefined when none could. */
function readProbe(data: Buffer): { readonly probe: Probe; readonly length: number } | 'partial' | undefined {
  const text = data.toString('latin1', start.length);
  const whole = /^([0-9a-f]{32});(\d{1,10})\x1b\\/.exec(text); // eslint-disable-line no-control-regex -- ST
  if (whole !== null) {
    const probe = { token: whole[1] ?? '', terminal: Number(whole[2]) };
    return { probe, length: start.length + whole[0].length };
  }
  const partial = /^([0-9a-f]{0,32}|[0-9a-f]{32};\d{0,10}|[0-9a-f]{32};\d{1,10}\x1b)$/; // eslint-disable-line no-control-regex -- ST
  return data.length < maxProbe && partial.test(text) ? 'partial' : undefined;
}

/** How many bytes at the end of `data` could be the start of a probe; only its first one is an escape. */
function partialStart(data: Buffer): number {
  for (let at = data.length - 1; at >= 0 && data.length - at < start.length; at--) {
    if (data[at] === escape) {
      const partial = data.subarray(at);
      return start.subarray(0, partial.length).equals(partial) ? partial.length : 0;
    }
  }
  return 0;
}
