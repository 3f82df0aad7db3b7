import * as vscode from 'vscode';
import type { AzureClient, SignIn, TenantSignIn } from '../../azure/azureClient.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { showInformation } from '../messages/notify.ts';
import { pickItem } from '../messages/pickItem.ts';
import type { HiddenTenants } from '../state/hiddenTenants.ts';
import { withViewProgress } from './target.ts';
import { whileAccountLasts } from './whileAccountLasts.ts';

/** "Select Tenants…": in which tenants, besides its own, each account is asked for subscriptions. */
export async function selectTenants(
  client: () => Promise<AzureClient>,
  inventory: Inventory,
  hidden: HiddenTenants,
): Promise<void> {
  const isChanged = await whileAccountLasts(inventory, (token) => choose(client, hidden, token));
  if (isChanged) {
    await withViewProgress(() => inventory.refresh());
  }
}

/** Whether something was chosen. */
async function choose(
  client: () => Promise<AzureClient>,
  hidden: HiddenTenants,
  token: vscode.CancellationToken,
): Promise<boolean> {
  const signIns = await withViewProgress(async (signal) => (await client()).listOtherTenants(signal));
  if (token.isCancellationRequested) {
    return false;
  }
  if (signIns.length === 0) {
    showInformation(vscode.l10n.t('The account belongs to no tenant besides its own.'));
    return false;
  }
  const items = signIns.map((signIn) =>
    pickItem({
      label: signIn.tenant.displayName,
      description: signIn.tenant.tenantId,
      detail: signIn.account.label,
      picked: !hidden.has(signIn),
      signIn,
    }),
  );
  const picked = await vscode.window.showQuickPick(
    items.sort((a, b) => a.label.localeCompare(b.label)),
    {
      title: vscode.l10n.t('Select Tenants'),
      placeHolder: vscode.l10n.t('Tenants whose subscriptions are shown'),
      canPickMany: true,
      matchOnDescription: true,
      matchOnDetail: true,
    },
    token,
  );
  if (picked === undefined) {
    return false;
  }
  hideOthers(
    signIns,
    picked.map(({ signIn }) => signIn),
    hidden,
  );
  return true;
}

function hideOthers(
  signIns: readonly TenantSignIn[],
  picked: readonly SignIn[],
  hidden: HiddenTenants,
): void {
  for (const account of new Set(signIns.map(({ account }) => account))) {
    const others = signIns.filter((signIn) => signIn.account === account && !picked.includes(signIn));
    hidden.hide(
      account.id,
      others.map(({ tenant }) => tenant.tenantId),
    );
  }
}
