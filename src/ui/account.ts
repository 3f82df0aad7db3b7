import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import * as vscode from 'vscode';
import type { Account } from '../azure/credentials.ts';
import { AzureError } from '../azure/errors.ts';

/** The time for which a token of VS Code is reused: it renews them by itself and gives no expiry, in milliseconds. */
const reuseMs = 5 * 60_000;

/** A challenge that was refused is not put again to the user for the requests of the same moment, in milliseconds. */
const refusalMs = 10_000;

type AccountInformation = vscode.AuthenticationSessionAccountInformation;

/** Those of VS Code's Microsoft accounts that this extension may use. It asks nobody. */
export async function usableAccounts(
  providerId: string,
  scope: string,
): Promise<readonly AccountInformation[]> {
  const all = await vscode.authentication.getAccounts(providerId);
  const sessions = await Promise.all(
    all.map((account) => vscode.authentication.getSession(providerId, [scope], { silent: true, account })),
  );
  return all.filter((_account, index) => sessions[index] !== undefined);
}

/** One of VS Code's Microsoft accounts, to ask Azure with. */
export function vsCodeAccount(providerId: string, account: AccountInformation): Account {
  return {
    id: account.id,
    label: account.label,
    kind: 'vscode',
    manyTenants: true,
    credential: (tenantId) => Promise.resolve(new VsCodeAccountCredential(providerId, account, tenantId)),
  };
}

/** One Microsoft account in one tenant. It asks the user only where Azure challenges it to (step-up). */
class VsCodeAccountCredential implements TokenCredential {
  private readonly providerId: string;
  private readonly account: AccountInformation;
  private readonly tenantId: string | undefined;
  /** The challenges that the user is asked now, or has just refused: many requests meet the same one. */
  private readonly challenges = new Map<string, Promise<vscode.AuthenticationSession>>();

  constructor(providerId: string, account: AccountInformation, tenantId: string | undefined) {
    this.providerId = providerId;
    this.account = account;
    this.tenantId = tenantId;
  }

  async getToken(scopes: string | string[], { claims }: GetTokenOptions = {}): Promise<AccessToken> {
    const list = inTenant(typeof scopes === 'string' ? [scopes] : scopes, this.tenantId);
    const session = await (claims === undefined
      ? vscode.authentication.getSession(this.providerId, list, { silent: true, account: this.account })
      : this.challenged(claims, list));
    if (session === undefined) {
      throw new AzureError({ kind: 'notSignedIn' });
    }
    return { token: session.accessToken, expiresOnTimestamp: Date.now() + reuseMs };
  }

  private challenged(claims: string, scopes: readonly string[]): Promise<vscode.AuthenticationSession> {
    const known = this.challenges.get(claims);
    if (known !== undefined) {
      return known;
    }
    const asked = this.answerChallenge(claims, scopes);
    this.challenges.set(claims, asked);
    asked.then(
      () => this.challenges.delete(claims),
      () => setTimeout(() => this.challenges.delete(claims), refusalMs).unref(),
    );
    return asked;
  }

  /** VS Code asks the user only where no sign-in of the account answers the challenge already. */
  private async answerChallenge(
    claims: string,
    fallbackScopes: readonly string[],
  ): Promise<vscode.AuthenticationSession> {
    const encoded = Buffer.from(claims).toString('base64');
    const wwwAuthenticate = `Bearer error="insufficient_claims", claims="${encoded}"`;
    try {
      return await vscode.authentication.getSession(
        this.providerId,
        { wwwAuthenticate, fallbackScopes },
        { createIfNone: true, account: this.account },
      );
    } catch (error) {
      throw new AzureError(
        { kind: 'credential', credential: 'vscode', detail: messageOf(error) },
        { cause: error },
      );
    }
  }
}

/** Signs an account in, asking the user; `another` even when there is one already. */
export async function signIn(providerId: string, scope: string, another: boolean): Promise<void> {
  await ignoreDismissal(
    vscode.authentication.getSession(providerId, [scope], {
      createIfNone: true,
      clearSessionPreference: another,
    }),
  );
}

/** Signs an account in to one tenant, its own one without, asking the user. */
export async function signInToTenant(
  providerId: string,
  scope: string,
  { id, label }: AccountInformation,
  tenantId: string | undefined,
): Promise<void> {
  await ignoreDismissal(
    vscode.authentication.getSession(providerId, inTenant([scope], tenantId), {
      createIfNone: true,
      account: { id, label },
    }),
  );
}

/** VS Code's Microsoft account takes the tenant as one more scope. */
function inTenant(scopes: readonly string[], tenantId: string | undefined): readonly string[] {
  return tenantId === undefined ? scopes : [...scopes, `VSCODE_TENANT:${tenantId}`];
}

/** A dismissed sign-in is no error; VS Code has only these words for it. */
async function ignoreDismissal(session: Thenable<unknown>): Promise<void> {
  try {
    await session;
  } catch (error) {
    if (!/^(User did not consent|Cancel)/i.test(messageOf(error))) {
      throw error;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
