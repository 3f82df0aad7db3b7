import * as vscode from 'vscode';
import { plainText } from '../messages/plainText.ts';

/** Asks for one of a setting's values; the current one has a check mark. */
export async function pickOne<T extends string>(
  title: string,
  current: T,
  labels: Readonly<Record<T, string>>,
): Promise<T | undefined> {
  const items = (Object.entries(labels) as [T, string][]).map(([value, label]) => ({
    // the keys are all of T
    label,
    value,
    ...(value === current
      ? { iconPath: new vscode.ThemeIcon('check'), description: vscode.l10n.t('current') }
      : { iconPath: new vscode.ThemeIcon('blank') }),
  }));
  const picked = await vscode.window.showQuickPick(items, { title: plainText(title) });
  return picked?.value;
}
