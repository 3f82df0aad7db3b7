import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import fc from '../../support/fc.ts';
import { ReportFilter, type Report } from '../../../src/terminal/reports.ts';

const answers: readonly (readonly [text: string, report: Report])[] = [
  ['\x1b[8;24;80t', { kind: 'size', rows: 24, columns: 80 }],
  ['\x1b[?12345678;0$y', { kind: 'mode', mode: 12_345_678 }],
];

/** Keys and what terminals answer to others; none of it is an answer of ours, nor are two of them together. */
const key = fc.constantFrom('a', '\r', '\x1b[A', '\x1b[8~', '\x1b[8;5u', '\x1b[?62;c', '\x1b[24;80R', '你好');

describe('ReportFilter', () => {
  for (const [text, report] of answers) {
    it(`takes an answer about the ${report.kind} out of keys, cut anywhere, and leaves all else in its order`, () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        fc.assert(
          fc.property(fc.array(key), fc.array(key), fc.array(fc.nat(60)), (before, after, cuts) => {
            const found: Report[] = [];
            let typed = '';
            const filter = new ReportFilter({
              isOurs: () => found.length === 0,
              onTyped: (keys) => (typed += keys),
              onReport: (answer) => found.push(answer),
            });
            const input = [...before, text, ...after].join('');
            const ends = [...new Set([...cuts.filter((cut) => cut < input.length), input.length])].toSorted(
              (a, b) => a - b,
            );
            ends.forEach((end, index) => {
              filter.input(input.slice(ends[index - 1] ?? 0, end), found.length === 0);
            });
            mock.timers.tick(1_000);
            assert.equal(typed, [...before, ...after].join(''));
            assert.deepEqual(found, [report]);
          }),
        );
      } finally {
        mock.timers.reset();
      }
    });
  }
});
