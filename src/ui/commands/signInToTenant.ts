import { signInToTenant as signInAccountToTenant } from '../account.ts';
import type { AzureClientProvider } from '../azureClientProvider.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { authenticationProviderId, cloud } from '../settings.ts';
import { FailedSignInNode } from '../tree/failedSignInNode.ts';
import { askAfterSignIn } from './askAfterSignIn.ts';

/** "Sign In to Tenant": signs the account of a row in to the row's tenant. */
export async function signInToTenant(
  [row]: readonly unknown[],
  provider: AzureClientProvider,
  inventory: Inventory,
): Promise<void> {
  if (row instanceof FailedSignInNode) {
    const { account, tenant } = row.failed.signIn;
    const { scope } = cloud();
    await askAfterSignIn(
      () => signInAccountToTenant(authenticationProviderId(), scope, account, tenant?.tenantId),
      provider,
      inventory,
    );
  }
}
