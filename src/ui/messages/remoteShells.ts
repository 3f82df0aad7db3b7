import * as vscode from 'vscode';
import {
  OutputDamaged,
  RemoteShellLost,
  RemoteShellUnavailable,
  type LossReason,
  type UnavailableReason,
} from '../../exec/remoteShell/errors.ts';

/** What became of work in a container's own shell, where it is the shell's doing; undefined for any other error. */
export function explainRemoteShell(error: unknown): string | undefined {
  if (error instanceof RemoteShellUnavailable) {
    return explainUnavailable(error.reason);
  }
  if (error instanceof RemoteShellLost) {
    return explainLoss(error.reason);
  }
  return error instanceof OutputDamaged
    ? vscode.l10n.t('Some of the output was lost or changed on its way. Run it again.')
    : undefined;
}

/** What is wrong with the output of a command that has run to its end. */
export function damagedOutputText(): string {
  return vscode.l10n.t('Some of the output was lost or changed on its way; the exit code is right.');
}

function explainUnavailable(reason: UnavailableReason): string {
  switch (reason) {
    case 'windows':
      return vscode.l10n.t('This is not there for Windows containers. "Exec" opens a console in one.');
    case 'noShell':
      return vscode.l10n.t('The image has no /bin/sh, which this needs. Use an image that has it.');
    case 'noStty':
      return vscode.l10n.t('The image has no stty, which this needs. Use an image that has it.');
    case 'noAnswer':
      return vscode.l10n.t("The container's shell does not answer. Try again.");
  }
}

function explainLoss(reason: LossReason): string {
  switch (reason) {
    case 'ended':
      return vscode.l10n.t('The connection was lost, and what ran in the container was ended. Run it again.');
    case 'silent':
      return vscode.l10n.t("The container's shell gave no answer. Try again.");
    case 'tooLong':
      return vscode.l10n.t('The container gave too long an answer. Ask for less at once.');
  }
}
