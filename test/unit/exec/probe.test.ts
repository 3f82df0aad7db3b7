import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProbeFilter } from '../../../src/exec/probe.ts';
import { expectProbesUnseen } from '../../support/exec/probes.ts';

describe('ProbeFilter', () => {
  it('leaves the same screen as without probes, wherever they stand and frames end; none is missed', () =>
    expectProbesUnseen(100));

  it('holds nothing back that cannot be a probe', () => {
    const filter = new ProbeFilter();
    filter.onProbe(() => assert.fail('no probe is there'));
    for (const text of [
      'plain',
      '\x1b[0m',
      '\x1b]0;title\x07',
      '\x1b]7791;zz',
      `\x1b]7791;${'0'.repeat(33)}`,
    ]) {
      assert.equal(filter.filter(Buffer.from(text)).toString(), text);
    }
    assert.equal(filter.filter(Buffer.from('a\x1b]77')).toString(), 'a');
    assert.equal(filter.flush().toString(), '\x1b]77');
  });
});
