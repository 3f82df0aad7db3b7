import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dropScrolledLines, keepEnd } from '../../../src/terminal/condensing.ts';
import { expectSameEnd, expectSameScrollback } from '../../support/terminal/condensed.ts';
import { versions } from '../../support/terminal/terminal.ts';

describe('dropScrolledLines', () => {
  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: leaves the same screen and scrollback as all of the output`, () =>
      expectSameScrollback(xterm, 60));
  }

  it('four megabytes come down to the lines that are kept', () => {
    const kept = dropScrolledLines(`${'y\r\n'.repeat(1_400_000)}^C\r\n$ `, 1_024);
    assert.match(kept, /^\r\n(y\r\n)+\^C\r\n\$ $/);
    assert.ok(kept.length < 3_100);
  });

  it('touches nothing that is not lines of text', () => {
    for (const text of ['\x1b[H'.repeat(5_000), '\x1b[5;1Hline\r\n'.repeat(5_000), 'x'.repeat(50_000), '']) {
      assert.equal(dropScrolledLines(text, 1_000), text);
    }
  });
});

describe('keepEnd', () => {
  for (const [name, xterm] of Object.entries(versions)) {
    it(`${name}: all that lasts is as after the whole output`, () => expectSameEnd(xterm, 60));
  }

  it('ten megabytes that move the cursor come down to their end', () => {
    const lines = '\x1b[A\x1b[2Kat 42%\r\n'.repeat(600_000);
    const end = '^C\r\n\x1b[?2004h$ ';
    const kept = keepEnd(`\x1b[?1h\x1b[?25l${lines}\x1b[31m${end}`, 512 * 1024);
    assert.ok(kept.startsWith('\x1b[?1h\x1b[?25l'));
    assert.ok(kept.endsWith(`at 42%\r\n\x1b[31m${end}`));
    assert.ok(kept.length < 513 * 1024);
  });

  it('leaves what is short, and what holds no place for a cut', () => {
    for (const text of ['', 'short', `\x1b]0;${'title'.repeat(1_000)}`]) {
      assert.equal(keepEnd(text, 100), text);
    }
  });
});
