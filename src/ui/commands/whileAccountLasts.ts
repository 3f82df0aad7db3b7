import * as vscode from 'vscode';
import type { Inventory } from '../../inventory/inventory.ts';

/** Lets somebody choose from what an account has. The token is cancelled once another account or cloud is in use. */
export async function whileAccountLasts<T>(
  inventory: Pick<Inventory, 'onDidReset'>,
  choose: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const listener = inventory.onDidReset(() => source.cancel());
  try {
    return await choose(source.token);
  } finally {
    listener.dispose();
    source.dispose();
  }
}
