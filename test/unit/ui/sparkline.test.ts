import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { sparkline } from '../../../src/ui/messages/sparkline.ts';

describe('sparkline', () => {
  it('draws figures in proportion to the largest, from nothing at all', () => {
    assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8), '▁▂▃▄▅▆▇█');
    assert.equal(sparkline([5, 5], 8), '██');
    assert.equal(sparkline([0, 0], 8), '▁▁');
    assert.equal(sparkline([], 8), '');
  });

  it('keeps every peak when there are more figures than room', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 30 }),
        (figures, width) => {
          const drawn = sparkline(figures, width);
          assert.equal(drawn.length, Math.min(width, figures.length));
          assert.ok(Math.max(...figures) === 0 || drawn.includes('█'));
        },
      ),
    );
  });
});
