import { describe, it } from 'node:test';
import { expectSameEnd, expectSameScrollback } from '../../support/terminal/condensed.ts';
import { versions } from '../../support/terminal/terminal.ts';

describe('dropScrolledLines, in a thousand cases', { concurrency: true }, () => {
  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: leaves the same screen and scrollback as all of the output`, () =>
      expectSameScrollback(xterm, 1_000));
  }
});

describe('keepEnd, in a thousand cases', { concurrency: true }, () => {
  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: all that lasts is as after the whole output`, () => expectSameEnd(xterm, 1_000));
  }
});
