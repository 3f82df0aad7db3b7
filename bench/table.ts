/** One figure beside its peer's. */
export interface Row {
  /** The number of the goal. */
  readonly id: string;
  readonly metric: string;
  readonly ours: string;
  readonly peer?: string;
  readonly ratio?: string;
  readonly goal?: string;
  readonly met?: boolean;
  /** Whether it comes out the same on a slow or busy machine, so that a quick run can judge it too. */
  readonly steady?: boolean;
  /** What the figure includes. */
  readonly includes: string;
}

/** The rows whose goal is missed; a quick run judges only what is steady. */
export function missed(rows: readonly Row[], quick: boolean): readonly Row[] {
  return rows.filter((row) => row.met === false && isJudged(row, quick));
}

/** The rows as a Markdown table that is aligned for reading as it is. */
export function toMarkdown(rows: readonly Row[], quick: boolean): string {
  const head = ['#', 'metric', 'ours', 'peer', 'ratio', 'goal', 'met', 'includes'];
  const cells = rows.map((row) => [
    row.id,
    row.metric,
    row.ours,
    row.peer ?? '',
    row.ratio ?? '',
    row.goal ?? '',
    row.met === undefined ? '' : !isJudged(row, quick) ? 'not judged' : row.met ? 'yes' : '**NO**',
    row.includes,
  ]);
  const escaped = cells.map((line) => line.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...escaped.map((line) => line[column]?.length ?? 0)),
  );
  const line = (values: readonly string[]) =>
    `| ${values.map((value, column) => value.padEnd(column < widths.length - 1 ? (widths[column] ?? 0) : 0)).join(' | ')} |`;
  return [
    line(head),
    line(
      widths.map((width, column) =>
        '-'.repeat(column < widths.length - 1 ? width : (head[column]?.length ?? 0)),
      ),
    ),
    ...escaped.map(line),
  ].join('\n');
}

function isJudged({ steady }: Row, quick: boolean): boolean {
  return !quick || steady === true;
}
