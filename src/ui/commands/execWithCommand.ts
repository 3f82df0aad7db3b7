import type { RecentCommandLines } from '../state/recentCommandLines.ts';
import { askCommandLine } from './askCommandLine.ts';
import { openExecTerminal, selectForExec, type ExecServices } from './openExecTerminal.ts';

/** "Exec with Command…": opens a command line of the user's in a terminal, for each selected container. */
export async function execWithCommand(
  args: readonly unknown[],
  services: ExecServices,
  recent: RecentCommandLines,
): Promise<void> {
  const targets = await selectForExec(args, services);
  const [first] = targets;
  const command = first === undefined ? undefined : await askCommandLine(first.container.id, recent);
  if (command !== undefined) {
    for (const target of targets) {
      await openExecTerminal(target, [command], services);
    }
  }
}
