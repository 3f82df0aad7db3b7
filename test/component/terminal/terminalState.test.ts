import { describe, it } from 'node:test';
import { expectSameAttributes } from '../../support/terminal/attributes.ts';
import { versions } from '../../support/terminal/terminal.ts';

describe('TerminalState, in a thousand cases', { concurrency: true }, () => {
  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: has the attributes that are in force, in whichever form they were set`, () =>
      expectSameAttributes(xterm, 1_000));
  }
});
