import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import { clock } from '../base/clock.ts';
import { toAzureError } from './errors.ts';

/** The time before a token runs out at which the next one is asked for, in milliseconds. */
const renewBeforeMs = 2 * 60_000;

/** The time before a token runs out from which it is not used any more, in milliseconds. */
const useBeforeMs = 10_000;

interface KeptToken {
  readonly token: AccessToken;
  /** When it runs out, on the clock that nobody sets. */
  readonly endsAt: number;
}

/**
 * Keeps a credential's tokens: many clients ask, and some credentials of the library start a process each time. It is
 * asked for one token of a tenant and scope at a time, however many wait for it.
 */
export class TokenCache implements TokenCredential {
  private readonly credential: TokenCredential;
  private readonly tokens = new Map<string, KeptToken>();
  private readonly requests = new Map<string, Promise<AccessToken | null>>();
  private round = 0;

  constructor(credential: TokenCredential) {
    this.credential = credential;
  }

  /** Grows each time that the tokens are forgotten. */
  get version(): number {
    return this.round;
  }

  /**
   * Azure took a token of this version no longer: the next one is a new one. False where another one is there already, as
   * many requests learn of it at once.
   */
  forget(version: number): boolean {
    if (version !== this.round) {
      return false;
    }
    this.round++;
    this.tokens.clear();
    this.requests.clear();
    return true;
  }

  /** @throws {AzureError} when the credential gives none. Who asks cannot cancel it, as others may wait too. */
  async getToken(
    scopes: string | string[],
    { claims, tenantId }: GetTokenOptions = {},
  ): Promise<AccessToken | null> {
    const key = JSON.stringify([[scopes].flat(), tenantId]);
    const kept = this.tokens.get(key);
    const restMs = kept === undefined || claims !== undefined ? 0 : restOf(kept);
    if (kept !== undefined && restMs > renewBeforeMs) {
      return kept.token;
    }
    const asked = this.request(key, scopes, {
      ...(claims === undefined ? {} : { claims }),
      ...(tenantId === undefined ? {} : { tenantId }),
    });
    if (kept !== undefined && restMs > useBeforeMs) {
      asked.catch(() => undefined); // the next one to ask tries again
      return kept.token;
    }
    return asked;
  }

  private request(
    key: string,
    scopes: string | string[],
    options: GetTokenOptions,
  ): Promise<AccessToken | null> {
    const id = JSON.stringify([key, options.claims]);
    const running = this.requests.get(id);
    if (running !== undefined) {
      return running;
    }
    const request = this.ask(key, scopes, options).finally(() => {
      if (this.requests.get(id) === request) {
        this.requests.delete(id);
      }
    });
    this.requests.set(id, request);
    return request;
  }

  private async ask(
    key: string,
    scopes: string | string[],
    options: GetTokenOptions,
  ): Promise<AccessToken | null> {
    const { version } = this;
    try {
      const token = await this.credential.getToken(scopes, options);
      if (token !== null && version === this.version) {
        // A token with more claims is good for all.
        this.tokens.set(key, { token, endsAt: clock() + token.expiresOnTimestamp - Date.now() });
      }
      return token;
    } catch (error) {
      throw toAzureError(error);
    }
  }
}

/** How long a token is still good, in milliseconds: what either clock says first. */
function restOf({ token, endsAt }: KeptToken): number {
  return Math.min(endsAt - clock(), token.expiresOnTimestamp - Date.now());
}
