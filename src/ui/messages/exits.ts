import * as vscode from 'vscode';
import { ntStatus, type Exit } from '../../azure/exits.ts';

/** How something ended, as the rest of a sentence that begins with its name. */
export function exitText({ reason, code }: Exit): string {
  const exitCode = code === undefined ? '' : ` (${codeText(code)})`;
  switch (reason) {
    case 'success':
      return vscode.l10n.t('ended without an error{0}', exitCode);
    case 'error':
      return vscode.l10n.t('ended with an error{0}', exitCode);
    case 'wrongArguments':
      return vscode.l10n.t('ended with an error{0}, which many programs use for wrong arguments', exitCode);
    case 'notExecutable':
      return vscode.l10n.t('could not start{0}, as its command cannot be run', exitCode);
    case 'commandNotFound':
      return vscode.l10n.t('could not start{0}, as its command is not in the image', exitCode);
    case 'interrupted':
      return vscode.l10n.t('was interrupted{0}', exitCode);
    case 'aborted':
      return vscode.l10n.t('aborted itself{0} after an internal error', exitCode);
    case 'killed':
      return vscode.l10n.t('was killed{0}, probably for using too much memory', exitCode);
    case 'outOfMemory':
      return vscode.l10n.t('was killed{0} for using too much memory', exitCode);
    case 'probeFailed':
      return vscode.l10n.t('was ended{0}, as its liveness probe failed', exitCode);
    case 'invalidMemoryAccess':
      return vscode.l10n.t('crashed{0} with an invalid memory access', exitCode);
    case 'terminated':
      return vscode.l10n.t('was asked to end, and did{0}', exitCode);
    case 'signal':
      return vscode.l10n.t('was ended by a signal{0}', exitCode);
    case 'maintenance':
      return vscode.l10n.t('was ended{0} by Azure for maintenance of its platform', exitCode);
    case 'missingLibrary':
      return vscode.l10n.t('could not start{0}, as a DLL or a part of one is missing', exitCode);
    case 'libraryFailed':
      return vscode.l10n.t('could not start{0}, as a DLL failed', exitCode);
    case 'stackOverflow':
      return vscode.l10n.t('crashed{0} with a stack overflow', exitCode);
    case 'unhandledException':
      return vscode.l10n.t('crashed{0} with an exception that it did not handle', exitCode);
    case 'windowsError':
      return vscode.l10n.t('ended with an error of Windows{0}', exitCode);
    case 'unknown':
      return vscode.l10n.t('ended, and Azure gives no exit code');
  }
}

/** An exit code, for one of Windows also as it is looked up. */
function codeText(code: number): string {
  const status = ntStatus(code);
  return status === undefined
    ? vscode.l10n.t('exit code {0}', code)
    : vscode.l10n.t('exit code {0}, 0x{1}', code, status.toString(16).toUpperCase());
}
