import type { AzureClientProvider } from '../azureClientProvider.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { withViewProgress } from './target.ts';

/** Signs in, then asks Azure again: with other accounts all begins anew by itself, with the same ones here. */
export async function askAfterSignIn(
  signIn: () => Promise<void>,
  provider: AzureClientProvider,
  inventory: Inventory,
): Promise<void> {
  let isRenewed = false as boolean; // the listener changes it unseen
  const listener = provider.onDidChange(() => (isRenewed = true));
  try {
    await signIn();
    await provider.followAccounts();
  } finally {
    listener.dispose();
  }
  if (!isRenewed) {
    await withViewProgress(() => inventory.refresh());
  }
}
