import * as vscode from 'vscode';
import { showInformation } from '../messages/notify.ts';
import type { ExecTerminals } from '../terminal/execTerminals.ts';

/** "Reconnect at This Size": a new session in the terminal in front, which has the terminal's size. */
export function reconnect({ active }: ExecTerminals): void {
  if (active === undefined) {
    showInformation(vscode.l10n.t('Select a terminal that Exec has opened, then try again.'));
  } else {
    active.reconnect();
  }
}
