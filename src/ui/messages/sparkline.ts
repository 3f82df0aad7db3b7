const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * Figures as a line of blocks, at most `width` of them, oldest first: the height of each is the largest of the figures that
 * it stands for, in proportion to the largest of all.
 */
export function sparkline(figures: readonly number[], width: number): string {
  const most = figures.reduce((max, figure) => Math.max(max, figure), 0);
  const count = Math.min(width, figures.length);
  const peaks = Array.from({ length: count }, (_, index) =>
    figures
      .slice(Math.floor((index * figures.length) / count), Math.floor(((index + 1) * figures.length) / count))
      .reduce((max, figure) => Math.max(max, figure), 0),
  );
  const heightOf = (peak: number) => (most === 0 ? 0 : Math.round((peak / most) * (blocks.length - 1)));
  return peaks.map((peak) => blocks[heightOf(peak)] ?? '').join('');
}
