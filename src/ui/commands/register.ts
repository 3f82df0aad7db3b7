import * as vscode from 'vscode';
import { isCancellation } from '../../base/cancellation.ts';
import type { Log } from '../log.ts';
import { showError } from '../messages/notify.ts';
import { explain } from '../messages/problems.ts';

/** What a command does. VS Code passes the row of a menu, then all selected rows if there are several. */
export type Command = (...args: readonly unknown[]) => unknown;

/**
 * Registers commands by their names without the prefix. This is the one place where what a command throws ends: a
 * cancellation is no error, anything else is logged and explained once.
 */
export function registerCommands(commands: Readonly<Record<string, Command>>, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(`containerInstances.${name}`, async (...args: readonly unknown[]) => {
        try {
          await run(...args);
        } catch (error) {
          if (!isCancellation(error)) {
            log.error(name, error);
            showError(explain(error));
          }
        }
      }),
    ),
  );
}
