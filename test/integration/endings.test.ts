import assert from 'node:assert/strict';
import { explainEnd } from '../../src/ui/messages/sessionEnds.ts';

const minuteMs = 60_000;

describe('the end of a session that was lost', () => {
  const lost = (idleMs: number) => explainEnd({ kind: 'lost', code: 'ECONNRESET', idleMs });

  it('is put down to being idle from nine minutes on, as Azure ends idle sessions after 10 to 15', () => {
    const idle = (minutes: number) =>
      `Connection lost (ECONNRESET) after ${minutes} idle minutes: Azure ends idle sessions after 10 to 15.`;
    assert.equal(lost(0), 'Connection lost (ECONNRESET). Check the network.');
    assert.equal(lost(9 * minuteMs - 1), 'Connection lost (ECONNRESET). Check the network.');
    assert.equal(lost(9 * minuteMs), idle(9));
    assert.equal(lost(14.9 * minuteMs), idle(14));
  });
});
