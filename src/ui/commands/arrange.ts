import * as vscode from 'vscode';
import { arrangementSettings, setArrangement } from '../settings.ts';

/** "Group By…": what the container groups are shown below. */
export async function groupBy(): Promise<void> {
  const choice = await ask(vscode.l10n.t('Group Container Groups By'), arrangementSettings().groupBy, [
    { value: 'subscription', label: vscode.l10n.t('Subscription') },
    { value: 'resourceGroup', label: vscode.l10n.t('Resource Group') },
    { value: 'location', label: vscode.l10n.t('Location') },
  ]);
  if (choice !== undefined) {
    await setArrangement('groupBy', choice);
  }
}

/** "Sort By…": what the container groups are sorted by. */
export async function sortBy(): Promise<void> {
  const choice = await ask(vscode.l10n.t('Sort Container Groups By'), arrangementSettings().sortBy, [
    { value: 'name', label: vscode.l10n.t('Name') },
    { value: 'resourceGroup', label: vscode.l10n.t('Resource Group') },
    { value: 'location', label: vscode.l10n.t('Location') },
  ]);
  if (choice !== undefined) {
    await setArrangement('sortBy', choice);
  }
}

/** The current value has a check mark. */
async function ask(
  title: string,
  current: string,
  choices: readonly { readonly value: string; readonly label: string }[],
): Promise<string | undefined> {
  const items = choices.map(({ value, label }) => ({
    label,
    value,
    ...(value === current
      ? { iconPath: new vscode.ThemeIcon('check'), description: vscode.l10n.t('current') }
      : { iconPath: new vscode.ThemeIcon('blank') }),
  }));
  const picked = await vscode.window.showQuickPick(items, { title });
  return picked?.value;
}
