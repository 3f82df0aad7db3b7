import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PacedScreen } from '../../support/vscode.ts';

// eslint-disable-next-line no-control-regex -- a query begins with ESC
const query = /\x1b\[\?(\d+)\$p/g;

/** A screen whose terminal answers only when it is told to, and a source that counts. */
function screenWithTerminal() {
  const typed: string[] = [];
  const screen = new PacedScreen((text) => typed.push(text));
  let unanswered = '';
  let answers = false;
  const answer = () => {
    const modes = [...unanswered.matchAll(query)].map(([, mode = '']) => mode);
    unanswered = '';
    modes.forEach((mode) => screen.input(`\x1b[?${mode};0$y`));
  };
  screen.onDidWrite((text) => {
    unanswered += text;
    if (answers) {
      setImmediate(answer);
    }
  });
  const startAnswering = () => {
    answers = true;
    answer();
  };
  const source = () => {
    const state = { isPaused: false };
    const flow = { pause: () => (state.isPaused = true), resume: () => (state.isPaused = false) };
    return { state, flow };
  };
  const flood = () => screen.output('x'.repeat(8 * 1024 * 1024));
  return { screen, typed, source, startAnswering, flood };
}

describe('PacedScreen', () => {
  it('all sources wait for the terminal, also one that comes meanwhile, and none that has gone', async () => {
    const { screen, typed, source, startAnswering, flood } = screenWithTerminal();
    const [early, late, gone] = [source(), source(), source()];
    screen.pace(early.flow);
    screen.pace(gone.flow).dispose();
    let isReady = false;
    await screen.ready();
    flood();
    const ready = screen.ready().then(() => (isReady = true));
    screen.pace(late.flow);
    assert.deepEqual(
      [early, late, gone].map(({ state }) => state.isPaused),
      [true, true, false],
    );
    await Promise.resolve();
    assert.equal(isReady, false);
    startAnswering();
    await ready;
    assert.deepEqual(
      [early, late].map(({ state }) => state.isPaused),
      [false, false],
    );
    assert.deepEqual(typed, []);
    screen.dispose();
  });

  it('nobody waits for a terminal that is closed', async () => {
    const { screen, flood } = screenWithTerminal();
    flood();
    const ready = screen.ready();
    screen.dispose();
    await ready;
  });
});
