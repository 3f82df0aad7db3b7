import assert from 'node:assert/strict';
import { StringDecoder } from 'node:string_decoder';
import xterm from '@xterm/headless';
import fc from '../fc.ts';
import { ProbeFilter, type Probe } from '../../../src/exec/probe.ts';

const token = fc.string({
  unit: fc.constantFrom(...Array.from('0123456789abcdef')),
  minLength: 32,
  maxLength: 32,
});
const probe = fc.record({ token, terminal: fc.nat(99_999) });

/** Pieces of what programs write: text, sequences whole and broken, and look-alikes of a probe. */
const piece = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '\r\n',
    '\x1b[2J\x1b[H',
    '\x1b[1;31m',
    '\x1b[0m',
    '\x1b[?1049h',
    '\x1b[?1049l',
    '\x1b[5;3H',
  ),
  fc.constantFrom(
    '\x1b',
    '\x1b[',
    '\x1b]',
    '\x1b]0;title\x07',
    '\x1b]7791;',
    '\x1b]7791;00ff;3\x1b\\',
    '\x1b\\',
  ),
);

interface Stream {
  readonly bytes: Buffer;
  readonly probes: readonly { readonly at: number; readonly probe: Probe }[];
  readonly cuts: readonly number[];
}

/** Terminal output, probes at any byte of it, and the places where frames end. */
const stream: fc.Arbitrary<Stream> = fc.array(piece, { maxLength: 12 }).chain((pieces) => {
  const bytes = Buffer.from(pieces.join(''));
  const at = fc.nat(bytes.length);
  return fc.record({
    bytes: fc.constant(bytes),
    probes: fc.array(fc.record({ at, probe }), { maxLength: 3 }),
    cuts: fc.array(fc.nat(bytes.length + 200), { maxLength: 12 }),
  });
});

function withProbes({ bytes, probes }: Stream): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { at, probe } of probes.toSorted((a, b) => a.at - b.at)) {
    parts.push(bytes.subarray(from, at), Buffer.from(`\x1b]7791;${probe.token};${probe.terminal}\x1b\\`));
    from = at;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}

function inFrames(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

async function screenOf(frames: readonly Buffer[]): Promise<string> {
  const terminal = new xterm.Terminal({ cols: 20, rows: 6, allowProposedApi: true });
  const decoder = new StringDecoder('utf8');
  for (const frame of frames) {
    terminal.write(decoder.write(frame));
  }
  await new Promise<void>((resolve) => terminal.write(decoder.end(), resolve));
  const { active, normal } = terminal.buffer;
  const lines = [active, normal].map((buffer) =>
    Array.from({ length: buffer.length }, (_, y) => {
      const line = buffer.getLine(y);
      return Array.from({ length: 20 }, (_cell, x) => {
        const cell = line?.getCell(x);
        return [cell?.getChars(), cell?.getFgColor(), cell?.isBold()];
      });
    }),
  );
  const state = JSON.stringify([lines, active.cursorX, active.cursorY, active.type, terminal.modes]);
  terminal.dispose();
  return state;
}

/** The filter leaves the same screen as without probes, wherever they stand and frames end, and misses none. */
export function expectProbesUnseen(cases: number): Promise<void> {
  const unseen = fc.asyncProperty(stream, async (made) => {
    const found: Probe[] = [];
    const filter = new ProbeFilter();
    filter.onProbe((probe) => found.push(probe));
    const frames: Buffer[] = inFrames(withProbes(made), made.cuts).map((frame) =>
      Buffer.from(filter.filter(frame)),
    );
    frames.push(filter.flush());
    assert.deepEqual(
      found,
      made.probes.toSorted((a, b) => a.at - b.at).map(({ probe }) => ({ ...probe })),
    );
    // No terminal shows a look-alike of the program's own either, so the screen is compared and not the bytes.
    assert.equal(await screenOf(frames), await screenOf([made.bytes]));
  });
  return fc.assert(unseen, { numRuns: cases });
}
