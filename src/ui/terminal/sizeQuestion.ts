import type { TerminalDimensions } from '../../azure/resourceManager.ts';

/** Asks a terminal for its size in characters; xterm.js answers `CSI 8 ; rows ; columns t`. */
export const sizeQuestion = '\x1b[18t';

// eslint-disable-next-line no-control-regex -- an answer starts with ESC
const answer = /\x1b\[8;(\d+);(\d+)t/;

/** Takes the first answer out of what was typed. */
export function takeSize(input: string): {
  readonly size: TerminalDimensions | undefined;
  readonly rest: string;
} {
  const found = answer.exec(input);
  return found === null
    ? { size: undefined, rest: input }
    : {
        size: { columns: Number(found[2]), rows: Number(found[1]) },
        rest: input.replace(answer, ''),
      };
}
