import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import * as vscode from 'vscode';
import { AzureError } from '../azure/errors.ts';
import { authenticationProviderId } from './settings.ts';

/** How long the SDK may reuse a token of VS Code, which renews it by itself and tells no expiry, in milliseconds. */
const reuseMs = 5 * 60_000;

/** The Microsoft account that VS Code is signed in with. It never asks: only {@link signIn} does. */
export class VsCodeAccountCredential implements TokenCredential {
  async getToken(scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken> {
    const list = typeof scopes === 'string' ? [scopes] : [...scopes];
    if (options.tenantId !== undefined) {
      list.push(`VSCODE_TENANT:${options.tenantId}`);
    }
    const session = await vscode.authentication.getSession(authenticationProviderId(), list, {
      silent: true,
    });
    if (session === undefined) {
      throw new AzureError({ kind: 'notSignedIn' });
    }
    return { token: session.accessToken, expiresOnTimestamp: Date.now() + reuseMs };
  }
}

/** Signs in, asking the user. Resolves to false when the user cancels. */
export async function signIn(scope: string): Promise<boolean> {
  const session = await vscode.authentication.getSession(authenticationProviderId(), [scope], {
    createIfNone: true,
  });
  return session.accessToken !== '';
}
