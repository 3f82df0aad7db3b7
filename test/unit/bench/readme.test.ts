import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withFigures } from '../../../bench/readme.ts';

const readme = 'Before\n\n<!-- figures:start -->\n\nold\n\n<!-- figures:end -->\n\nAfter\n';
const rows = [
  {
    id: '1',
    metric: 'prompt',
    ours: '3 ms',
    peer: '2 ms',
    ratio: '1.5×',
    goal: '≤ 2×',
    met: true,
    includes: '',
  },
  { id: '15', metric: 'of the engine alone', ours: '1 ms', includes: '' },
  { id: '2', metric: 'size', ours: '9 KB', goal: '≤ 8 KB', met: false, includes: '' },
];

describe('the figures in the README', () => {
  it('that users feel take the place of those between the two comments, and tell which goals are missed', () => {
    assert.equal(
      withFigures(readme, rows, 'of today'),
      [
        'Before\n\n<!-- figures:start -->\n',
        'The latest run, of today:\n',
        '| metric | ours | peer | ratio | goal |',
        '| --- | --- | --- | --- | --- |',
        '| prompt | 3 ms | 2 ms | 1.5× | ≤ 2× |',
        '| size | 9 KB |  |  | ≤ 8 KB, missed |\n',
        '<!-- figures:end -->\n\nAfter\n',
      ].join('\n'),
    );
  });

  it('keep their columns, whatever is in a cell', () => {
    const row = { id: '1', metric: 'tar | base64', ours: '1 ms', includes: '' };
    assert.match(withFigures(readme, [row], 'now'), /^\| tar \\\| base64 \| 1 ms \|/m);
  });

  it('can be written again and again', () => {
    const once = withFigures(readme, rows, 'of today');
    assert.equal(withFigures(once, rows, 'of today'), once);
  });

  it('need the comments', () => {
    assert.throws(() => withFigures('no place', rows, ''), /no place for the figures/);
    assert.throws(() => withFigures('<!-- figures:end --> <!-- figures:start -->', rows, ''), /no place/);
  });
});
