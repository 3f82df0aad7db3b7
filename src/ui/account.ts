import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import * as vscode from 'vscode';
import type { Account } from '../azure/credentials.ts';
import { AzureError } from '../azure/errors.ts';

/** How long a token of VS Code is reused: it renews them by itself and tells no expiry, in milliseconds. */
const reuseMs = 5 * 60_000;

/**
 * Those of VS Code's Microsoft accounts that this extension may use.
 * @throws {AzureError} when there is none.
 */
export async function vsCodeAccounts(
  providerId: string,
  all: readonly vscode.AuthenticationSessionAccountInformation[],
  scope: string,
): Promise<readonly Account[]> {
  const allowed = await Promise.all(
    all.map((account) => vscode.authentication.getSession(providerId, [scope], { silent: true, account })),
  );
  const accounts = all.filter((_account, index) => allowed[index] !== undefined);
  if (accounts.length === 0) {
    throw new AzureError({ kind: 'notSignedIn' });
  }
  return accounts.map((account) => ({
    id: account.id,
    label: account.label,
    kind: 'vscode',
    manyTenants: true,
    credential: (tenantId) => Promise.resolve(new VsCodeAccountCredential(providerId, account, tenantId)),
  }));
}

/** One Microsoft account in one tenant. It asks the user only where Azure challenges it to (step-up). */
class VsCodeAccountCredential implements TokenCredential {
  private readonly providerId: string;
  private readonly account: vscode.AuthenticationSessionAccountInformation;
  private readonly tenantId: string | undefined;
  /** The challenges put to the user: each once. */
  private readonly challenges = new Map<string, Promise<vscode.AuthenticationSession | undefined>>();

  constructor(
    providerId: string,
    account: vscode.AuthenticationSessionAccountInformation,
    tenantId: string | undefined,
  ) {
    this.providerId = providerId;
    this.account = account;
    this.tenantId = tenantId;
  }

  async getToken(scopes: string | string[], { claims }: GetTokenOptions = {}): Promise<AccessToken> {
    const list = typeof scopes === 'string' ? [scopes] : [...scopes];
    if (this.tenantId !== undefined) {
      list.push(`VSCODE_TENANT:${this.tenantId}`);
    }
    const session = await (claims === undefined
      ? vscode.authentication.getSession(this.providerId, list, { silent: true, account: this.account })
      : this.challenged(claims, list));
    if (session === undefined) {
      throw new AzureError({ kind: 'notSignedIn' });
    }
    return { token: session.accessToken, expiresOnTimestamp: Date.now() + reuseMs };
  }

  private challenged(
    claims: string,
    fallbackScopes: readonly string[],
  ): Promise<vscode.AuthenticationSession | undefined> {
    const known = this.challenges.get(claims);
    if (known !== undefined) {
      return known;
    }
    const encoded = Buffer.from(claims).toString('base64');
    const asked = Promise.resolve(
      vscode.authentication.getSession(
        this.providerId,
        { wwwAuthenticate: `Bearer error="insufficient_claims", claims="${encoded}"`, fallbackScopes },
        { createIfNone: true, account: this.account },
      ),
    );
    this.challenges.set(claims, asked);
    return asked;
  }
}

/** Signs an account in, asking the user; `another` even when there is one already. */
export async function signIn(providerId: string, scope: string, another: boolean): Promise<void> {
  await vscode.authentication.getSession(providerId, [scope], {
    createIfNone: true,
    clearSessionPreference: another,
  });
}
