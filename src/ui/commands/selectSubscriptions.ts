import * as vscode from 'vscode';
import type { Inventory } from '../../inventory/inventory.ts';
import { pickItem } from '../messages/pickItem.ts';
import type { ChosenSubscriptions } from '../state/chosenSubscriptions.ts';
import { listed } from './list.ts';
import { withViewProgress } from './target.ts';
import { whileAccountLasts } from './whileAccountLasts.ts';

/** "Select Subscriptions…": which subscriptions are shown. */
export async function selectSubscriptions(inventory: Inventory, chosen: ChosenSubscriptions): Promise<void> {
  await withViewProgress(() => listed(inventory, inventory.load()));
  const items = inventory.allSubscriptions().map(({ subscription, signIn }) =>
    pickItem({
      label: subscription.displayName,
      description: subscription.subscriptionId,
      detail: [signIn.account.label, signIn.tenant?.displayName].filter(Boolean).join(' · '),
      picked: chosen.has(subscription.subscriptionId),
      id: subscription.subscriptionId,
    }),
  );
  const options = {
    title: vscode.l10n.t('Select Subscriptions'),
    placeHolder: vscode.l10n.t('Subscriptions whose container groups are shown'),
    canPickMany: true,
    matchOnDescription: true,
    matchOnDetail: true,
  } as const;
  items.sort((a, b) => a.label.localeCompare(b.label));
  const picked = await whileAccountLasts(inventory, async (token) =>
    vscode.window.showQuickPick(items, options, token),
  );
  if (picked !== undefined) {
    // All of them, or none, means all: also those that come later.
    const isSome = picked.length > 0 && picked.length < items.length;
    chosen.choose(isSome ? picked.map(({ id }) => id) : undefined);
    await withViewProgress(() => inventory.refresh());
  }
}
