import type { RemoteEngine } from '../exec/remoteShell/remoteEngine.ts';

/** The programs that work with files is done with, where the image has them. */
const known = [
  'stat',
  'ls',
  'head',
  'tail',
  'dd',
  'cat',
  'tar',
  'readlink',
  'touch',
  'chmod',
  'cksum',
] as const;

export type Tool = (typeof known)[number];

/** Which of the programs an image has. */
export async function findTools(engine: RemoteEngine, signal: AbortSignal): Promise<ReadonlySet<Tool>> {
  const look = `for t in ${known.join(' ')};do command -v $t >/dev/null 2>&1&&printf '%s ' $t;done`;
  const { text } = await engine.script(look, { signal, isRepeatable: true });
  const names = text.toString().split(' ');
  return new Set(known.filter((tool) => names.includes(tool)));
}
