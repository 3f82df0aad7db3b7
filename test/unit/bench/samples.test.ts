import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { spreads } from '../../../bench/samples.ts';

describe('the spreads of samples', () => {
  it('keep of each list of numbers what it spans, by its path', () => {
    const figures = { prompt: { ours: [3, 1, 2], peer: [1 / 3] }, size: 7, names: ['a', 'b'], none: [] };
    assert.deepEqual(spreads(figures), {
      'prompt.ours': { count: 3, min: 1, median: 2, max: 3 },
      'prompt.peer': { count: 1, min: 0.333333, median: 0.333333, max: 0.333333 },
    });
  });

  it('keep a list of objects as a list for each field', () => {
    assert.deepEqual(
      spreads({
        rounds: [
          { ms: 4, bytes: 10, name: 'first' },
          { ms: 2, bytes: 20, name: 'second' },
        ],
      }),
      {
        'rounds.ms': { count: 2, min: 2, median: 4, max: 4 },
        'rounds.bytes': { count: 2, min: 10, median: 20, max: 20 },
      },
    );
  });
});
