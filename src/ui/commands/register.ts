import * as vscode from 'vscode';
import { isCancellation } from '../../base/cancellation.ts';
import type { Log } from '../log.ts';
import { showError } from '../messages/notify.ts';
import { explain } from '../messages/problems.ts';

/** What a command does. VS Code passes the row of a menu, then all selected rows if there are several. */
export type Command = (...args: readonly unknown[]) => unknown;

/** Registers commands by their names without the prefix. */
export function registerCommands(commands: Readonly<Record<string, Command>>, log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) =>
      vscode.commands.registerCommand(`containerInstances.${name}`, (...args: readonly unknown[]) =>
        explained(name, log, () => run(...args)),
      ),
    ),
  );
}

/** Registers what the links of this extension do. */
export function registerLinks(open: (uri: vscode.Uri) => Promise<void>, log: Log): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: (uri) => explained('link', log, () => open(uri)),
  });
}

/**
 * Runs something that the user has asked for. This is the one place where what it throws ends: a cancellation is no
 * error, anything else is logged and explained once.
 */
async function explained(name: string, log: Log, run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isCancellation(error)) {
      log.error(name, error);
      showError(explain(error));
    }
  }
}
