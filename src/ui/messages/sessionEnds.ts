import * as vscode from 'vscode';
import type { SessionEnd } from '../../exec/session.ts';

/** Without traffic for at least this long, being idle is the likely cause of a loss, in milliseconds (azure-docs#48526). */
const idleMs = 9 * 60_000;

/** How a session ended, as its socket tells. Undefined where nobody needs to be told. */
export function explainEnd(end: SessionEnd): string | undefined {
  switch (end.kind) {
    case 'cancelled':
      return undefined;
    case 'closed':
      return vscode.l10n.t('Session ended.');
    case 'refused':
      return vscode.l10n.t(
        'Azure refused the session (close code 1008). It may be forbidden in this container.',
      );
    case 'serviceEnded':
      return vscode.l10n.t('Azure closed the session (close code {0}).', end.code);
    case 'malformed':
      return vscode.l10n.t('Connection lost: what arrived was no terminal output ({0}).', end.code);
    case 'silent':
      return vscode.l10n.t('Connection lost: the other side no longer answers. Check the network.');
    case 'lost':
      return end.idleMs < idleMs
        ? vscode.l10n.t('Connection lost ({0}). Check the network.', end.code)
        : vscode.l10n.t(
            'Connection lost ({0}) after {1} idle minutes: Azure ends idle sessions after 10 to 15.',
            end.code,
            Math.floor(end.idleMs / 60_000),
          );
  }
}
