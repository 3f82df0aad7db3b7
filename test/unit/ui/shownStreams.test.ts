import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { shownStreams } from '../../../src/ui/terminal/shownStreams.ts';

describe('shownStreams', () => {
  let shown: string;
  let streams: ReturnType<typeof shownStreams>;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    shown = '';
    streams = shownStreams((text) => (shown += text));
  });
  afterEach(() => mock.timers.reset());
  const output = (text: string) => streams.output.write(Buffer.from(text));
  const errors = (text: string) => streams.errors.write(Buffer.from(text));

  it('does not mix up lines that are cut on their way; errors are red', () => {
    output('one\ntw');
    errors('oh');
    output('o\n');
    errors(' no\n');
    assert.equal(shown, 'one\r\ntwo\r\n\x1b[31moh no\r\n\x1b[39m');
  });

  it('shows a line without an end in a tenth of a second, whatever comes meanwhile', () => {
    output('Password');
    mock.timers.tick(60);
    output(': ');
    assert.equal(shown, '');
    mock.timers.tick(40);
    assert.equal(shown, 'Password: ');
    output('again');
    mock.timers.tick(100);
    assert.equal(shown, 'Password: again');
  });

  it('shows the rest at its end, and nothing later', () => {
    const euro = Buffer.from('€');
    streams.output.write(Buffer.concat([Buffer.from('rest '), euro.subarray(0, 2)]));
    streams.output.write(euro.subarray(2));
    errors('oops');
    streams.output.end();
    streams.errors.end();
    assert.equal(shown, 'rest €\x1b[31moops\x1b[39m');
    mock.timers.tick(1_000);
    assert.equal(shown, 'rest €\x1b[31moops\x1b[39m');
  });

  it('holds no line without bound', () => {
    output('x'.repeat(70_000));
    assert.equal(shown.length, 70_000);
  });
});
