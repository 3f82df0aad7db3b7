import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';

/** The time before a token runs out at which the next one is asked for, in milliseconds. */
const renewBeforeMs = 2 * 60_000;

/** Keeps a credential's tokens: many clients ask, and some credentials of the library start a process each time. */
export class TokenCache implements TokenCredential {
  private readonly credential: TokenCredential;
  private readonly tokens = new Map<string, Promise<AccessToken | null>>();

  constructor(credential: TokenCredential) {
    this.credential = credential;
  }

  /** Azure took a token no longer: the next one is a new one. */
  forget(): void {
    this.tokens.clear();
  }

  async getToken(scopes: string | string[], options: GetTokenOptions = {}): Promise<AccessToken | null> {
    const { claims, tenantId } = options;
    const key = JSON.stringify([scopes, tenantId]);
    const known = claims === undefined ? await this.tokens.get(key) : undefined;
    if (known && known.expiresOnTimestamp - renewBeforeMs > Date.now()) {
      return known;
    }
    // Many wait for this one, so none of their signals may end it. A token with more claims is good for all.
    const asked = this.credential.getToken(scopes, {
      ...(claims === undefined ? {} : { claims }),
      ...(tenantId === undefined ? {} : { tenantId }),
    });
    this.tokens.set(key, asked);
    try {
      return await asked;
    } catch (error) {
      this.tokens.delete(key);
      throw error;
    }
  }
}
