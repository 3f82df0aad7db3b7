import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { OutputDecoder } from '../../src/terminal/decoder.ts';
import { FlowControl } from '../../src/terminal/flowControl.ts';
import { Terminal, versions, vscodeXterm } from '../support/terminal/terminal.ts';
import { modes, sgr } from '../support/terminal/sequences.ts';
import { inTime, type FuzzCase } from './cases.ts';
import { hostileTexts, pick } from './mutations.ts';

/** Pieces of what a program may write. */
const output = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({
      unit: fc.integer({ min: 0, max: 0xff }).map((code) => String.fromCharCode(code)),
      maxLength: 20,
    }),
    sgr,
    modes,
    fc.constantFrom(
      '\r\n',
      '\x1b',
      '\x1b[',
      '\x1b]0;',
      '\x1bP',
      '\x1b]8;;https://a\x1b\\',
      '\x18',
      '\x1b[?1049h',
      '\x1b[?1049l',
    ),
    fc.constantFrom(...hostileTexts.map((text) => text.slice(0, 2_000))),
  ),
  { minLength: 1, maxLength: 60 },
);

/** The same output through the flow control and past it looks the same, and every key that is pressed goes through. */
export const terminals: FuzzCase = async ({ random, count }) => {
  const [pieces = []] = fc.sample(output, { seed: random.below(2 ** 31), numRuns: 1 });
  const bytes = Buffer.from(pieces.join('').repeat(1 + random.below(30)));
  const xterm = pick(random, [versions['xterm.js 6'], vscodeXterm]);
  const [shown, plain] = [new Terminal(xterm), new Terminal(xterm)];
  let typed = '';
  let passed = 0;
  const flow = new FlowControl({
    write: (text) => {
      shown.write(text);
      passed += text.length;
    },
    type: (text) => (typed += text),
    sized: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    linesKept: () => 100,
  });
  const decoder = new OutputDecoder();
  const isDisturbed = random.below(2) === 0;
  let keys = '';
  for (let at = 0; at < bytes.length;) {
    const part = bytes.subarray(at, (at += 1 + random.below(4_000)));
    const text = decoder.decode(part);
    flow.output(text);
    plain.write(text);
    if (isDisturbed && random.below(4) === 0) {
      switch (random.below(4)) {
        case 0:
          flow.notify('ours');
          break;
        case 1:
          flow.askSize();
          break;
        case 2:
          keys += '\x03';
          flow.input('\x03');
          break;
        default:
          keys += 'k';
          flow.input('k');
      }
    }
    if (random.below(8) === 0) {
      await delay(0);
    }
  }
  const [seen, asIs] = [shown.state(), plain.state()];
  if (isDisturbed) {
    await inTime(Promise.all([seen, asIs]));
    assert.equal(typed, keys);
    count('disturbed');
  } else {
    assert.equal(await inTime(seen), await inTime(asIs));
    count('same');
  }
  assert.ok(passed > 0 || bytes.length === 0);
  flow.dispose();
  shown.dispose();
  plain.dispose();
};
