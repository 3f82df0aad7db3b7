import * as vscode from 'vscode';

/** A duration as a command's end tells it. */
export function secondsText(ms: number): string {
  return vscode.l10n.t('{0} s', (ms / 1000).toFixed(1));
}

/** How a command ended. */
export function exitText(exitCode: number, tookMs: number): string {
  return vscode.l10n.t('Exit code {0} after {1}.', exitCode, secondsText(tookMs));
}

/** The name of a terminal whose command has ended. */
export function endedName(exitCode: number, tookMs: number, name: string): string {
  return vscode.l10n.t('exit {0}, {1}: {2}', exitCode, secondsText(tookMs), name);
}
