import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import type { WebSocket } from 'ws';
import { KeepAlive } from '../../../src/exec/keepAlive.ts';

const intervalMs = 30_000;

/** A socket whose peer answers pings or not. */
class Peer extends EventEmitter {
  answers: boolean;
  isPaused = false;
  pings = 0;

  constructor(answers: boolean) {
    super();
    this.answers = answers;
  }

  ping(): void {
    this.pings++;
    if (this.answers) {
      this.emit('pong');
    }
  }
}

describe('KeepAlive', () => {
  function watch(context: TestContext, answers: boolean) {
    context.mock.timers.enable({ apis: ['setInterval'] });
    const peer = new Peer(answers);
    let silences = 0;
    // The parts of a socket that are used are there.
    const keepAlive = new KeepAlive(peer as unknown as WebSocket, intervalMs, () => silences++);
    return {
      peer,
      keepAlive,
      wait: (intervals: number) => context.mock.timers.tick(intervals * intervalMs),
      silences: () => silences,
    };
  }

  it('a peer that never answers is not dead', (context) => {
    const { peer, wait, silences } = watch(context, false);
    wait(100);
    assert.equal(peer.pings, 101);
    assert.equal(silences(), 0);
  });

  it('a peer that answered and stopped is told within three intervals, once', (context) => {
    const { peer, wait, silences } = watch(context, true);
    wait(50);
    assert.equal(silences(), 0);
    peer.answers = false;
    wait(1);
    assert.equal(silences(), 0);
    wait(2);
    assert.equal(silences(), 1);
    const { pings } = peer;
    wait(10);
    assert.equal(silences(), 1);
    assert.equal(peer.pings, pings);
  });

  it('output is a sign of life, and a pause is no silence', (context) => {
    const { peer, wait, silences } = watch(context, true);
    peer.answers = false;
    for (let interval = 0; interval < 10; interval++) {
      wait(1);
      peer.emit('message');
    }
    peer.isPaused = true;
    wait(10);
    assert.equal(silences(), 0);
  });

  it('leaves no listener and no timer', (context) => {
    const { peer, keepAlive, wait } = watch(context, true);
    keepAlive.dispose();
    wait(10);
    assert.equal(peer.pings, 1);
    assert.deepEqual(peer.eventNames(), []);
  });
});
