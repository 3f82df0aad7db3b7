/** The size of a terminal, in characters. */
export interface TerminalDimensions {
  readonly columns: number;
  readonly rows: number;
}

export function isSameSize(a: TerminalDimensions, b: TerminalDimensions): boolean {
  return a.columns === b.columns && a.rows === b.rows;
}
