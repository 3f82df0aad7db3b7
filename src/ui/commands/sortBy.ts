import * as vscode from 'vscode';
import { arrangementSettings, setSortBy } from '../settings.ts';
import { pickOne } from './pickOne.ts';

/** "Sort By…": the order of the container groups. */
export async function sortBy(): Promise<void> {
  const choice = await pickOne(vscode.l10n.t('Sort Container Groups By'), arrangementSettings().sortBy, {
    name: vscode.l10n.t('Name'),
    resourceGroup: vscode.l10n.t('Resource Group'),
    location: vscode.l10n.t('Location'),
  });
  if (choice !== undefined) {
    await setSortBy(choice);
  }
}
