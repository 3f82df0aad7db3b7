import * as vscode from 'vscode';
import { commandLineProblem } from '../../exec/commandLine.ts';
import type { RecentCommandLines } from '../state/recentCommandLines.ts';
import { askCommandLine, type CommandLineQuestion } from './askCommandLine.ts';
import { openExecTerminal, selectForExec, type ExecServices } from './openExecTerminal.ts';

const question = (): CommandLineQuestion => ({
  title: vscode.l10n.t('Exec with Command'),
  placeholder: vscode.l10n.t('A command line such as /bin/sh -l.'),
  problemOf: commandLineProblem,
});

/** "Exec with Command…": opens a command line of the user's in a terminal, for each selected container. */
export async function execWithCommand(
  args: readonly unknown[],
  services: ExecServices,
  recent: RecentCommandLines,
): Promise<void> {
  const targets = await selectForExec(args, services);
  const [first] = targets;
  const command =
    first === undefined ? undefined : await askCommandLine(first.container.id, recent, question());
  if (command !== undefined) {
    for (const target of targets) {
      await openExecTerminal(target, [command], services);
    }
  }
}
