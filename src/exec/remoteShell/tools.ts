import type { Answer } from './remoteShell.ts';

/** What an image may have beyond a shell, and the shell source that succeeds where it is there. */
const probes = {
  base64: 'command -v base64',
  gzip: 'command -v gzip',
  od: 'command -v od',
  sha256sum: 'command -v sha256sum',
  /** Some know no format. */
  'stat -c': 'stat -c %s /',
  tar: 'command -v tar',
  timeout: 'command -v timeout',
} as const;

export type Tool = keyof typeof probes;

const tools = Object.keys(probes) as readonly Tool[]; // its keys are no others

/** Source that prints the position of each tool that is there. */
export const findTools = tools
  .map((tool, index) => `${probes[tool]} >/dev/null 2>&1&&printf '${index} '`)
  .join(';');

/** The tools that {@link findTools} found. */
export function foundTools({ text }: Pick<Answer, 'text'>): ReadonlySet<Tool> {
  const found = new Set(text.toString().split(' '));
  return new Set(tools.filter((_, index) => found.has(String(index))));
}
