import assert from 'node:assert/strict';
import fc from '../fc.ts';
import { ParserState } from '../../../src/terminal/parserState.ts';
import { TerminalState } from '../../../src/terminal/terminalState.ts';
import { sgr } from './sequences.ts';
import { Terminal, type Xterm } from './terminal.ts';

/** What a state of the output, in these pieces, tells of itself. */
export function changesOf(...pieces: readonly string[]): string {
  const state = new TerminalState();
  const parser = new ParserState(state);
  pieces.forEach((piece) => parser.pass(piece));
  return state.changesSince(new TerminalState());
}

/** What the state tells sets the same attributes as all that was said. */
export async function expectSameAttributes(xterm: Xterm, cases: number): Promise<void> {
  const [all, told] = [new Terminal(xterm), new Terminal(xterm)];
  const same = fc.asyncProperty(fc.array(sgr, { minLength: 1 }), async (said) => {
    all.write(`\x1b[0m${said.join('')}`);
    told.write(`\x1b[0m${changesOf(...said)}`);
    assert.deepEqual((await told.lasting()).attributes, (await all.lasting()).attributes);
  });
  await fc.assert(same, { numRuns: cases });
  all.dispose();
  told.dispose();
}
