import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dropScrolledLines, keepEnd } from '../../../src/terminal/condensing.ts';
import { TerminalState } from '../../../src/terminal/terminalState.ts';
import { expectSameEnd, expectSameScrollback } from '../../support/terminal/condensed.ts';
import { vscodeXterm } from '../../support/terminal/terminal.ts';

describe('dropScrolledLines', () => {
  it('leaves the same screen and scrollback as all of the output', () =>
    expectSameScrollback(vscodeXterm, 30));

  it('four megabytes come down to the lines that are kept', () => {
    const kept = dropScrolledLines(`${'y\r\n'.repeat(1_400_000)}^C\r\n$ `, 1_024, new TerminalState());
    assert.match(kept, /^\r\n(y\r\n)+\^C\r\n\$ $/);
    assert.ok(kept.length < 3_100);
  });

  for (const line of [
    '\x1b[32mpassed\x1b[39m \x1b[1mtest\x1b[22m \x1b[41m12 ms\x1b[49m',
    '\x1b[48;5;123m  \x1b[38;5;17mx\x1b[48;5;124m  \x1b[49m',
    '\x1b[48;2;12;34;56m \x1b[38:2::12:34:57mx\x1b[39;49m',
    '\x1b[4:3m\x1b[58:5:9mtypo\x1b[24;59m \x1b[53mover\x1b[55m',
    '\x1b]8;;https://example.com/a\x1b\\a\x1b]8;;\x1b\\',
    '\r\x1b[K\x1b[33m 42% [==>  ]\x1b[39m',
  ]) {
    it(`of lines as ${JSON.stringify(line)} nothing but the state is left before those that are kept`, () => {
      const flood = (times: number) => `\x1b[1m${`${line}\r\n`.repeat(times)}^C\r\n$ `;
      const kept = dropScrolledLines(flood(20_000), 1_024, new TerminalState());
      assert.ok(kept.length < flood(1_030).length, String(kept.length));
      assert.equal(kept.length, dropScrolledLines(flood(40_000), 1_024, new TerminalState()).length);
    });
  }

  it('touches nothing that is not lines of text', () => {
    for (const text of ['\x1b[H'.repeat(5_000), '\x1b[5;1Hline\r\n'.repeat(5_000), 'x'.repeat(50_000), '']) {
      assert.equal(dropScrolledLines(text, 1_000, new TerminalState()), text);
    }
  });
});

describe('keepEnd', () => {
  it('all that lasts is as after the whole output', () => expectSameEnd(vscodeXterm, 30));

  it('ten megabytes that move the cursor come down to their end', () => {
    const lines = '\x1b[A\x1b[2Kat 42%\r\n'.repeat(600_000);
    const end = '^C\r\n\x1b[?2004h$ ';
    const kept = keepEnd(`\x1b[?1h\x1b[?25l${lines}\x1b[31m${end}`, 512 * 1024, new TerminalState());
    assert.ok(kept.startsWith('\x1b[?1h\x1b[?25l'));
    assert.ok(kept.endsWith(`at 42%\r\n\x1b[31m${end}`));
    assert.ok(kept.length < 513 * 1024);
  });

  it('a megabyte that is mostly colours comes down to its end, wherever its lines end', () => {
    const cells = Array.from({ length: 40 }, (_, cell) => `\x1b[48;5;${cell}m \x1b[48;2;${cell};80;160m `);
    for (let shift = 0; shift < 16; shift += 5) {
      const text = `${'x'.repeat(shift)}${`${cells.join('')}\r\n`.repeat(1_000)}`;
      const { length } = keepEnd(text, 100_000, new TerminalState());
      assert.ok(length > 80_000 && length < 100_100, String(length));
    }
  });

  const many = Array.from({ length: 100_000 }, (_, index) => index);
  for (const [what, output] of Object.entries({
    'a hundred thousand modes': many.map((mode) => `\x1b[?${mode}h\x1b[${mode}h`).join(''),
    'as many colours': many.map((index) => `\x1b]4;${index % 1_000};#${index % 1_000}\x07`).join(''),
    'as many keyboards': many.map((flags) => `\x1b[>${flags}u`).join(''),
    'as many renditions': many.map((index) => `\x1b[38;5;${index};4${index % 8}m\x1b7\x1b(0`).join(''),
    'titles of a million characters': `\x1b]0;${'title '.repeat(200_000)}\x07`.repeat(3),
    'a link with parameters of a million characters': `\x1b]8;id=${'x:'.repeat(500_000)};https://a\x1b\\`,
    'parameters of a million digits': `\x1b[${'0'.repeat(1_000_000)}1m\x1b[${'1;:'.repeat(400_000)}m`,
  })) {
    it(`what lasts of ${what} is bounded`, () => {
      const kept = keepEnd(`${output}\x1b[?2004h${'\x1b[A~'.repeat(100)}`, 100, new TerminalState());
      assert.ok(kept.length < 100_000, String(kept.length));
      assert.ok(kept.includes('\x1b[?2004h'));
    });
  }

  it('leaves what is short, and what holds no place for a cut', () => {
    for (const text of ['', 'short', `\x1b]0;${'title'.repeat(1_000)}`]) {
      assert.equal(keepEnd(text, 100, new TerminalState()), text);
    }
  });
});
