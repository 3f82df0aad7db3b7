import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resetTerminal } from '../../../src/terminal/sequences.ts';
import { expectAsNew } from '../../support/terminal/resets.ts';
import { Terminal, versions, vscodeXterm } from '../../support/terminal/terminal.ts';

describe('resetTerminal', () => {
  it('makes the terminal as new but for its rows and its cursor, wherever the output ends', () =>
    expectAsNew(vscodeXterm, 30));

  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: goes back from the alternate screen to where the program was started`, async () => {
      const terminal = new Terminal(xterm);
      terminal.write('$ vi\r\n\x1b[?1049h\x1b[2J\x1b[2;5r\x1b[?6h\x1b[4;7H~');
      terminal.write(`${resetTerminal(8)}\r\nended\r\n`);
      assert.deepEqual(await terminal.cursor(), { screen: 'normal', x: 0, y: 3 });
      assert.deepEqual((await terminal.text()).slice(0, 4), ['$ vi', '', 'ended', '']);
      terminal.dispose();
    });

    it(`${name}: carries out nothing of what has begun`, async () => {
      const terminal = new Terminal(xterm);
      terminal.write(`\x1bP$qm${resetTerminal(8)}\x1b[5${resetTerminal(8)}\x1b]4;1;?${resetTerminal(8)}`);
      assert.deepEqual(await terminal.cursor(), { screen: 'normal', x: 0, y: 0 });
      assert.equal(terminal.answers, '');
      terminal.dispose();
    });

    it(`${name}: sets tab stops as far apart as they are in a new terminal`, async () => {
      const terminal = new Terminal(xterm);
      terminal.write(`\x1b[3g${resetTerminal(5)}a\tb\tc\td\te`);
      assert.equal((await terminal.text())[0], 'a    b    c    d   e');
      terminal.dispose();
    });
  }
});
