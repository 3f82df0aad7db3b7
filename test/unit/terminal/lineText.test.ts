import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import xterm from '@xterm/headless';
import { colouredLine, plainLine } from '../../../src/terminal/lineText.ts';

const end = '\x1b]8;;\x1b\\\x1b[0m';

describe('colouredLine', () => {
  it('keeps colours and links, and ends them', () => {
    assert.equal(colouredLine('plain\ttext'), 'plain\ttext');
    assert.equal(colouredLine('\x1b[31;1mred\x1b[0m'), `\x1b[31;1mred\x1b[0m${end}`);
    assert.equal(
      colouredLine('\x1b]8;;https://a.example\x1b\\here'),
      `\x1b]8;;https://a.example\x1b\\here${end}`,
    );
  });

  it('leaves out all else that steers a terminal', () => {
    for (const hostile of [
      '\x1b[2J',
      '\x1b[?1049h',
      '\x1bc',
      '\x1b]0;title\x07',
      '\x1b]52;c;aGk=\x1b\\',
      '\x1b(0',
      '\x1bP$q\x1b\\',
      '\x1b]8;;https://a.example',
      '\x9b',
      '\x07',
      '\x1b[',
      '\x1b',
      '\r',
    ]) {
      assert.equal(colouredLine(`a${hostile}`), 'a', JSON.stringify(hostile));
    }
  });

  const pieces = fc.array(
    fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom(
        ...['\x1b', '[', ']', '8;;', '\x07', '\x1b\\', 'm', '31', ';', '?', '1049', 'h', 'P', '(', '0'],
        ...['\x9b', '\x9d', '\x90', '\x0e', '\x18', '\r', '\b', '\x1b[8m', '\x1b[?25l', '\x1b[5;1H', '\x1bc'],
      ),
    ),
    { maxLength: 12 },
  );

  it('leaves the terminal as it was, but for the line itself', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (parts) => {
        const terminal = new xterm.Terminal({ cols: 200, rows: 6, allowProposedApi: true });
        const text = `before\r\n${colouredLine(parts.join(''))}\r\nafter`;
        await new Promise<void>((resolve) => terminal.write(text, resolve));
        const buffer = terminal.buffer.active;
        const after = buffer.getLine(2);
        assert.equal(buffer.type, 'normal');
        assert.equal(buffer.getLine(0)?.translateToString(true), 'before');
        assert.equal(after?.translateToString(true), 'after');
        const cell = after.getCell(0);
        assert.ok(cell?.isFgDefault() && cell.isBgDefault() && cell.isAttributeDefault());
        terminal.dispose();
      }),
      { numRuns: 120 },
    );
  });
});

describe('plainLine', () => {
  it('keeps the text alone', () => {
    assert.equal(plainLine('\x1b[31m2026 \x1b]8;;u\x07a\tlink\x1b]8;;\x07\x1b[0m\r'), '2026 a\tlink');
  });
});
