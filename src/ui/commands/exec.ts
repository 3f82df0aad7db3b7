import { plainCommandLine } from '../../exec/commandLine.ts';
import { shellCandidates } from '../../exec/shellFallback.ts';
import { shells } from '../settings.ts';
import { openExecTerminal, selectForExec, type ExecServices } from './openExecTerminal.ts';
import type { ContainerTarget } from './target.ts';

/** "Exec": opens the shell of each selected container in a terminal. */
export async function exec(args: readonly unknown[], services: ExecServices): Promise<void> {
  for (const target of await selectForExec(args, services)) {
    await openShell(target, services);
  }
}

/** Opens the shell of a container in a terminal. */
export function openShell(target: ContainerTarget, services: ExecServices): Promise<void> {
  return openExecTerminal(target, shellCommands(target, services), services);
}

/** The commands to try in turn for a shell. */
export function shellCommands({ group, container }: ContainerTarget, { imageShells }: ExecServices) {
  return shellCandidates(shells(group.osType), imageShells.of(container.image)).map(plainCommandLine);
}
