import { randomUUID } from 'node:crypto';

/** The one service principal of the simulated directory. */
export interface Credentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TokenAnswer {
  readonly status: number;
  readonly body: object;
}

const tokenLifetimeSeconds = 3_600;

/** Microsoft Entra ID and AD FS as far as a service principal's sign-in needs them. */
export class Identity {
  readonly credentials: Credentials = {
    tenantId: randomUUID(),
    clientId: randomUUID(),
    clientSecret: randomUUID(),
  };
  private readonly endpoint: string;
  private readonly tokens = new Set<string>();

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  /** The OpenID configuration below any path: `/TENANT/v2.0`, `/TENANT`, and `/adfs` as the Azure CLI asks for it. */
  openIdConfiguration(path: string): object {
    const root = path.replace(/\/(v2\.0\/)?\.well-known\/openid-configuration$/, '');
    const version = root.startsWith('/adfs') ? '/oauth2' : '/oauth2/v2.0';
    return {
      issuer: `${this.endpoint}${root}/v2.0`,
      authorization_endpoint: `${this.endpoint}${root}${version}/authorize`,
      token_endpoint: `${this.endpoint}${root}${version}/token`,
      device_authorization_endpoint: `${this.endpoint}${root}${version}/devicecode`,
      jwks_uri: `${this.endpoint}${root}/discovery/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }

  /** Answers a token request in the client credentials form, with a secret or a signed assertion. */
  token(form: URLSearchParams): TokenAnswer {
    const { clientId, clientSecret } = this.credentials;
    const assertion = form.get('client_assertion');
    const known =
      form.get('client_id') === clientId &&
      (form.get('client_secret') === clientSecret ||
        (assertion !== null && assertionSubject(assertion) === clientId));
    if (form.get('grant_type') !== 'client_credentials' || !known) {
      return {
        status: 401,
        body: {
          error: 'invalid_client',
          error_description:
            'AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app.',
          error_codes: [7000215],
          correlation_id: randomUUID(),
        },
      };
    }
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        expires_in: tokenLifetimeSeconds,
        ext_expires_in: tokenLifetimeSeconds,
        access_token: this.issue(),
      },
    };
  }

  /** A new valid token, in the shape of a JWT. */
  issue(): string {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { tenantId, clientId } = this.credentials;
    const claims = {
      aud: this.endpoint,
      iss: `${this.endpoint}/${tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + tokenLifetimeSeconds,
      appid: clientId,
      oid: clientId,
      tid: tenantId,
      jti: randomUUID(),
    };
    const token = `${part({ typ: 'JWT', alg: 'none' })}.${part(claims)}.${part({ simulated: true })}`;
    this.tokens.add(token);
    return token;
  }

  accepts(authorization: string | undefined): boolean {
    return authorization !== undefined && this.tokens.has(authorization.replace(/^Bearer /i, ''));
  }
}

function assertionSubject(assertion: string): unknown {
  const claims: unknown = JSON.parse(Buffer.from(assertion.split('.')[1] ?? 'e30', 'base64url').toString());
  return typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : undefined;
}
