import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay, setImmediate as tick } from 'node:timers/promises';
import fc, { anyCharacter } from '../../support/fc.ts';
import { InputQueue, inputPace, type FrameSink } from '../../../src/exec/input.ts';

/** A network that is never slow. */
function into(take: (frame: Uint8Array) => void): FrameSink {
  return {
    send: (frame, sent) => {
      take(frame);
      sent();
    },
  };
}

const texts = fc.array(
  fc.string({ unit: anyCharacter, maxLength: 700 }).filter((text) => text !== '\x03'),
  { maxLength: 20 },
);

describe('InputQueue', () => {
  it('Linux: keeps every byte in order, in frames of at most 512', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (pieces) => {
        const frames: Uint8Array[] = [];
        const queue = new InputQueue(
          inputPace('Linux'),
          into((frame) => frames.push(frame)),
        );
        for (const piece of pieces) {
          queue.write(piece);
        }
        await tick();
        assert.deepEqual(Buffer.concat(frames), Buffer.from(pieces.join(''), 'utf8'));
        assert.ok(frames.every((frame) => frame.length > 0 && frame.length <= 512));
      }),
    );
  });

  it('Linux: what arrives in one tick is one frame', async () => {
    const frames: Uint8Array[] = [];
    const queue = new InputQueue(
      inputPace('Linux'),
      into((frame) => frames.push(frame)),
    );
    queue.write('l');
    queue.write('s\r');
    await tick();
    assert.deepEqual(frames, [Buffer.from('ls\r')]);
  });

  it('Windows: whole characters, at most 48 a frame', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const text = '🚀'.repeat(100) + 'a'.repeat(101);
    const frames: string[] = [];
    const queue = new InputQueue(
      inputPace('Windows'),
      into((frame) => frames.push(Buffer.from(frame).toString())),
    );
    queue.write(text);
    await tick();
    while (frames.join('').length < text.length) {
      context.mock.timers.tick(1_000);
    }
    assert.equal(frames.join(''), text);
    assert.ok(frames.every((frame) => frame.length <= 48));
  });

  it('sends nothing after dispose', async () => {
    const frames: Uint8Array[] = [];
    const queue = new InputQueue(
      inputPace('Linux'),
      into((frame) => frames.push(frame)),
    );
    queue.write('x');
    queue.dispose();
    await tick();
    assert.equal(frames.length, 0);
  });

  it('hands over no more than 64 KB before the network takes some, and then the rest in order', async () => {
    const text = 'paste '.repeat(200_000);
    const frames: Uint8Array[] = [];
    const sent: (() => void)[] = [];
    const queue = new InputQueue(inputPace('Linux'), {
      send: (frame, done) => {
        frames.push(frame);
        sent.push(done);
      },
    });
    queue.write(text);
    await tick();
    assert.equal(frames.length, 128);
    while (sent.length > 0) {
      sent.splice(0).forEach((done) => done());
      await tick();
      assert.ok(sent.length <= 128);
    }
    assert.equal(Buffer.concat(frames).toString(), text);
  });

  for (const os of ['Linux', 'Windows']) {
    it(`${os}: Ctrl-C drops the paste that waits, and ends it where the shell is inside one`, async () => {
      const frames: string[] = [];
      const sent: (() => void)[] = [];
      const queue = new InputQueue(inputPace(os), {
        send: (frame, done) => {
          frames.push(Buffer.from(frame).toString());
          sent.push(done);
        },
      });
      queue.write(`\x1b[200~${'rm -rf x\r'.repeat(20_000)}\x1b[201~`);
      await tick();
      queue.write('\x03');
      const before = frames.length;
      while (frames.at(-1)?.endsWith('\x03') !== true) {
        sent.splice(0).forEach((done) => done());
        await delay(1);
      }
      assert.equal(frames.slice(before).join(''), '\x1b[201~\x03');
      queue.dispose();
    });
  }
});
