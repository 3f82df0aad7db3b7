import * as vscode from 'vscode';
import { arrangementSettings, setGroupBy } from '../settings.ts';
import { pickOne } from './pickOne.ts';

/** "Group By…": which rows hold the container groups. */
export async function groupBy(): Promise<void> {
  const choice = await pickOne(vscode.l10n.t('Group Container Groups By'), arrangementSettings().groupBy, {
    subscription: vscode.l10n.t('Subscription'),
    resourceGroup: vscode.l10n.t('Resource Group'),
    location: vscode.l10n.t('Location'),
  });
  if (choice !== undefined) {
    await setGroupBy(choice);
  }
}
