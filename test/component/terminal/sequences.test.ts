import { describe, it } from 'node:test';
import { expectAsNew } from '../../support/terminal/resets.ts';
import { versions } from '../../support/terminal/terminal.ts';

describe('resetTerminal, in hundreds of cases', { concurrency: true }, () => {
  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: makes the terminal as new but for its rows and its cursor, wherever the output ends`, () =>
      expectAsNew(xterm, 500));
  }
});
