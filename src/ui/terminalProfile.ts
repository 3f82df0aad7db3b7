import * as vscode from 'vscode';
import { isCancellation } from '../base/cancellation.ts';
import { shellCommands } from './commands/exec.ts';
import { prepareExec, selectForExec, type ExecServices } from './commands/openExecTerminal.ts';
import { plainText } from './messages/plainText.ts';
import { explain } from './messages/problems.ts';

/** "Azure Container Instance…" in the terminal's menu: the shell of a container that the user picks. */
export async function execProfile(services: ExecServices): Promise<vscode.TerminalProfile> {
  const options = await execOptions(services);
  // VS Code shows an error for each answer but a profile: where the user wants none, there is no answer.
  return options === undefined ? new Promise<never>(() => undefined) : new vscode.TerminalProfile(options);
}

/** @throws what the user is told; VS Code shows its message. */
async function execOptions(services: ExecServices): Promise<vscode.ExtensionTerminalOptions | undefined> {
  try {
    const [target] = await selectForExec([], services);
    const prepared =
      target === undefined ? undefined : await prepareExec(target, shellCommands(target, services), services);
    return prepared === undefined
      ? undefined
      : await services.terminals.prepare(prepared.target, prepared.services);
  } catch (error) {
    if (isCancellation(error)) {
      return undefined;
    }
    services.log.error('terminal profile', error);
    throw new Error(plainText(explain(error)), { cause: error });
  }
}
