import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import fc from 'fast-check';
import { ReportFilter, modeReport, sizeReport } from '../../../src/terminal/reports.ts';

const kinds = [
  { name: 'size', shape: sizeReport, numbers: [24, 80], text: '\x1b[8;24;80t' },
  { name: 'mode', shape: modeReport, numbers: [12_345_678], text: '\x1b[?12345678;0$y' },
] as const;

/** Keys and what terminals answer to others; none of it is an answer of ours, nor are two of them together. */
const key = fc.constantFrom('a', '\r', '\x1b[A', '\x1b[8~', '\x1b[8;5u', '\x1b[?62;c', '\x1b[24;80R', '你好');

describe('ReportFilter', () => {
  for (const { name, shape, numbers, text } of kinds) {
    it(`takes an answer about the ${name} out of keys, cut anywhere, and leaves all else in its order`, () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        fc.assert(
          fc.property(fc.array(key), fc.array(key), fc.array(fc.nat(60)), (before, after, cuts) => {
            const answers: (readonly number[])[] = [];
            let typed = '';
            const filter = new ReportFilter(shape, {
              expects: () => answers.length === 0,
              onTyped: (keys) => (typed += keys),
              onReport: (...found) => answers.push(found),
            });
            const input = [...before, text, ...after].join('');
            const ends = [...new Set([...cuts.filter((cut) => cut < input.length), input.length])].toSorted(
              (a, b) => a - b,
            );
            ends.forEach((end, index) => {
              filter.input(input.slice(ends[index - 1] ?? 0, end), answers.length === 0);
            });
            mock.timers.tick(1_000);
            assert.equal(typed, [...before, ...after].join(''));
            assert.deepEqual(answers, [numbers]);
          }),
        );
      } finally {
        mock.timers.reset();
      }
    });
  }
});
