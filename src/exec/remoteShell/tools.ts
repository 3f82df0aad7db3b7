import type { Answer } from './remoteShell.ts';

/** The programs that an image may lack, and without which work is done in another way or not at all. */
const known = ['stat', 'head', 'tail', 'dd', 'tar', 'readlink'] as const;

export type Tool = (typeof known)[number];

/** Source that prints the name of each one that is there. */
export const findTools = `for t in ${known.join(' ')};do command -v $t >/dev/null 2>&1&&printf '%s ' $t;done`;

/** The tools that {@link findTools} found. */
export function foundTools({ text }: Pick<Answer, 'text'>): ReadonlySet<Tool> {
  const names = text.toString().split(' ');
  return new Set(known.filter((tool) => names.includes(tool)));
}
