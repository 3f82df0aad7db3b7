import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import fc from 'fast-check';
import { InputQueue, inputPace } from '../../../src/exec/input.ts';

const texts = fc.array(fc.string({ unit: 'binary', maxLength: 700 }), { maxLength: 20 });

describe('InputQueue', () => {
  it('Linux: keeps every byte in order, in frames of at most 512', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (pieces) => {
        const frames: Uint8Array[] = [];
        const queue = new InputQueue(inputPace('Linux'), (frame) => frames.push(frame));
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
    const queue = new InputQueue(inputPace('Linux'), (frame) => frames.push(frame));
    queue.write('l');
    queue.write('s\r');
    await tick();
    assert.deepEqual(frames, [Buffer.from('ls\r')]);
  });

  it('Windows: whole characters, at most 48 a frame', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const text = '🚀'.repeat(100) + 'a'.repeat(101);
    const frames: string[] = [];
    const queue = new InputQueue(inputPace('Windows'), (frame) => frames.push(Buffer.from(frame).toString()));
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
    const queue = new InputQueue(inputPace('Linux'), (frame) => frames.push(frame));
    queue.write('x');
    queue.dispose();
    await tick();
    assert.equal(frames.length, 0);
  });
});
