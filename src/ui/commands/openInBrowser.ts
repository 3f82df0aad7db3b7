import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { publicAddresses } from '../../azure/publicAddresses.ts';
import { showWarning } from '../messages/notify.ts';
import { pickItem } from '../messages/pickItem.ts';
import { plainText } from '../messages/plainText.ts';
import { openExternal } from './openExternal.ts';
import type { GroupOffer } from './pickGroup.ts';
import { selectGroups, type TargetServices } from './target.ts';

/** Opens a public port of each group in the browser; where a group has several, the user picks one. */
export async function openInBrowser(args: readonly unknown[], services: TargetServices): Promise<void> {
  const offer: GroupOffer = {
    isOffered: (group) => publicAddresses(group).length > 0,
    none: vscode.l10n.t('No container group has a public port'),
  };
  const title = vscode.l10n.t('Open in Browser');
  for (const group of await selectGroups(args, { title, offer }, services)) {
    const url = await pickAddress(group);
    if (url !== undefined) {
      await openExternal(url);
    }
  }
}

async function pickAddress(group: ContainerGroup): Promise<string | undefined> {
  const addresses = publicAddresses(group);
  if (addresses.length === 0) {
    showWarning(vscode.l10n.t('Container group "{0}" has no public port. Choose another one.', group.name));
  }
  if (addresses.length <= 1) {
    return addresses[0]?.url;
  }
  const items = addresses.map(({ port, url }) => pickItem({ label: String(port), description: url, url }));
  const picked = await vscode.window.showQuickPick(items, {
    title: plainText(vscode.l10n.t('Open {0} in Browser', group.name)),
    placeHolder: vscode.l10n.t('Port'),
    matchOnDescription: true,
  });
  return picked?.url;
}
