import * as vscode from 'vscode';
import type { Inventory } from '../../inventory/inventory.ts';
import { signIn as signInAccount } from '../account.ts';
import type { AzureClientProvider } from '../azureClientProvider.ts';
import { authenticationProviderId, cloud } from '../settings.ts';
import { askAfterSignIn } from './askAfterSignIn.ts';

/** "Sign In to Azure", or with `another` "Sign In with Another Account…": even when there is one already. */
export function signIn(another: boolean, provider: AzureClientProvider, inventory: Inventory): Promise<void> {
  return askAfterSignIn(
    async () => {
      await signInAccount(authenticationProviderId(), cloud().scope, another);
      // What the account has shows there; later the focus would be taken from what the user does next.
      await vscode.commands.executeCommand('containerInstances.groups.focus', { preserveFocus: true });
    },
    provider,
    inventory,
  );
}
