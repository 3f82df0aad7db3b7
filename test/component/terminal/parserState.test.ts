import { describe, it } from 'node:test';
import { expectQueriesUnseen, expectQueriesUnseenIn, programs } from '../../support/terminal/queries.ts';
import { versions } from '../../support/terminal/terminal.ts';

describe('ParserState, in thousands of cases', { concurrency: true }, () => {
  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: queries where it tells change nothing in any output, cut anywhere`, () =>
      expectQueriesUnseen(xterm, 3_000));
  }

  for (const program of programs) {
    it(`${program}: nor in what a real program wrote, in pieces of any length`, () =>
      expectQueriesUnseenIn(program, 50));
  }
});
