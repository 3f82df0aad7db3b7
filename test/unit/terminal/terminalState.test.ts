import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { changesOf, expectSameAttributes } from '../../support/terminal/attributes.ts';
import * as sequences from '../../support/terminal/sequences.ts';
import { vscodeXterm } from '../../support/terminal/terminal.ts';

describe('TerminalState', () => {
  it('is the same wherever the output is cut', () => {
    const { sgr, modes, charsets, commands, links, keyboards, margins, saving, strings } = sequences;
    const part = fc.oneof(
      sgr,
      modes,
      charsets,
      commands,
      links,
      keyboards,
      margins,
      saving,
      strings,
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(300)), (parts, cuts) => {
        const output = parts.join('');
        const places = [0, ...cuts.toSorted((a, b) => a - b)];
        const pieces = places.map((place, index) => output.slice(place, places[index + 1]));
        assert.equal(changesOf(...pieces), changesOf(output));
      }),
      { numRuns: 300 },
    );
  });

  it('has the attributes that are in force, in whichever form they were set', () =>
    expectSameAttributes(vscodeXterm, 150));

  it('has the link that was opened last, with its parameters', () => {
    const link = '\x1b]8;id=1:a=b;https://example.com/?a;b\x1b\\';
    assert.equal(changesOf('\x1b]8;;https://example.com/\x07text', link, 'text'), link);
    assert.equal(changesOf(link, 'text\x1b]8;;\x07'), '\x1b]8;;\x1b\\');
  });

  it('has where the shell is by its marks, the last one of each kind, in their order', () => {
    const finalTerm = ['D;1', 'A', 'B', 'C'].map((data) => `\x1b]133;${data}\x1b\\`).join('');
    assert.equal(changesOf(finalTerm), finalTerm);
    const mark = (data: string) => `\x1b]633;${data}\x1b\\`;
    const prompt = ['D;1', 'P;Cwd=/', 'A', 'B'].map(mark).join('');
    assert.equal(
      changesOf(`${prompt}${mark('E;ls;n')}${mark('C')}`),
      `${prompt}${mark('E;ls;n')}${mark('C')}`,
    );
    assert.equal(
      changesOf(`${prompt}${mark('E;ls;n')}${mark('C')}${prompt}`),
      `${mark('E;ls;n')}${mark('C')}${prompt}`,
    );
    assert.equal(changesOf(mark('X') + mark('AA')), '');
  });

  it('takes control characters out of a sequence, which the terminal has carried out by then', () => {
    assert.equal(changesOf('\x1b[3\r\n1\x0em'), '\x0e\x1b[0;31m');
    assert.equal(changesOf('\x1b]0;ti\ntle\x07'), '\x1b]0;title\x1b\\');
  });

  it('heeds no sequence that is broken off, nor what only looks like one', () => {
    const broken = ['\x1b[31', '\x1b[31\x18m', '\x1b]0;title\x18', '\x1b_\x0e\x1b\\'];
    for (const output of [...broken, '\x1b[3é1m', '\x1b[>31m', '\x1b[31 m', '\x1b(?', '\x1b]8;id=1;\x07']) {
      assert.equal(changesOf(output), '', JSON.stringify(output));
    }
  });
});
