import { plainCommandLine } from '../../exec/commandLine.ts';
import { shellCandidates } from '../../exec/shellFallback.ts';
import { shells } from '../settings.ts';
import { openExecTerminal, selectForExec, type ExecServices } from './openExecTerminal.ts';

/** "Exec": opens the shell of each selected container in a terminal. */
export async function exec(args: readonly unknown[], services: ExecServices): Promise<void> {
  for (const target of await selectForExec(args, services)) {
    const { group, container } = target;
    const candidates = shellCandidates(shells(group.osType), services.imageShells.of(container.image));
    await openExecTerminal(target, candidates.map(plainCommandLine), services);
  }
}
