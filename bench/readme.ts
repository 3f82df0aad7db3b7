import type { Row } from './table.ts';

const start = '<!-- figures:start -->';
const end = '<!-- figures:end -->';

/** The goals that somebody feels who uses the extension; all of them are in `results/figures.md`. */
const felt = new Set(['1', '2', '4', '5', '6', '7', '8', '10', 'L1', 'L2']);

/**
 * A Markdown text with the figures of a run that users feel in place of what is between its two comments.
 * @throws {Error} when it lacks the comments.
 */
export function withFigures(markdown: string, rows: readonly Row[], run: string): string {
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end, from);
  if (from < 0 || to < 0) {
    throw new Error(`the README has no place for the figures: it needs ${start} and ${end}`);
  }
  const figures = [`The latest run, ${run}:`, '', ...table(rows.filter(({ id }) => felt.has(id)))].join('\n');
  return `${markdown.slice(0, from)}${start}\n\n${figures}\n\n${markdown.slice(to)}`;
}

function table(rows: readonly Row[]): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const cells = rows.map(({ metric, ours, peer = '', ratio = '', goal = '', met }) =>
    line([metric, ours, peer, ratio, met === false ? `${goal}, missed` : goal]),
  );
  return [line(['metric', 'ours', 'peer', 'ratio', 'goal']), line(Array(5).fill('---')), ...cells];
}
