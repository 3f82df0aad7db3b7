import * as vscode from 'vscode';
import type { Inventory } from '../../inventory/inventory.ts';
import { signIn as signInAccount } from '../account.ts';
import type { AzureClientProvider } from '../azureClientProvider.ts';
import { authenticationProviderId, cloud } from '../settings.ts';
import { askAfterSignIn } from './askAfterSignIn.ts';

/**
 * "Sign In to Azure", or with `another` "Sign In with Another Account…": even when there is one already. The view then
 * shows what the account has.
 */
export async function signIn(
  another: boolean,
  provider: AzureClientProvider,
  inventory: Inventory,
): Promise<void> {
  await askAfterSignIn(
    () => signInAccount(authenticationProviderId(), cloud().scope, another),
    provider,
    inventory,
  );
  await vscode.commands.executeCommand('containerInstances.groups.focus', { preserveFocus: true });
}
