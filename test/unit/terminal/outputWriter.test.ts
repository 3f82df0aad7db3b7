import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutputWriter } from '../../../src/terminal/outputWriter.ts';
import { expectNoticeApart, longTitle } from '../../support/terminal/notices.ts';

describe('OutputWriter', () => {
  it('a notice breaks no sequence and touches no full-screen program, wherever the output is cut', () =>
    expectNoticeApart(60));

  it('a query goes out on the alternate screen too, and waits for the end of a long title', () => {
    let written = '';
    const writer = new OutputWriter((text) => (written += text));
    const start = `\x1b[?1049h${longTitle.slice(0, -1)}`;
    writer.write(start);
    writer.ask(() => '?');
    assert.equal(written, start);
    writer.write('\x07');
    assert.equal(written, `${start}\x07?`);
  });

  it('a query that has waited stands where no character joins another across it', () => {
    let written = '';
    const writer = new OutputWriter((text) => (written += text));
    writer.write('\x1b]0;title');
    writer.ask(() => '?');
    writer.write('\x07abe');
    writer.write('\u0301');
    assert.equal(written, '\x1b]0;title\x07ab?e\u0301');
  });
});
