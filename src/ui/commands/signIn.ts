import { signIn as signInAccount } from '../account.ts';
import type { AzureClientProvider } from '../azureClientProvider.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { authenticationProviderId, cloud } from '../settings.ts';
import { askAfterSignIn } from './askAfterSignIn.ts';

/** "Sign In to Azure", or with `another` "Sign In with Another Account…": even when there is one already. */
export function signIn(another: boolean, provider: AzureClientProvider, inventory: Inventory): Promise<void> {
  return askAfterSignIn(
    () => signInAccount(authenticationProviderId(), cloud().scope, another),
    provider,
    inventory,
  );
}
