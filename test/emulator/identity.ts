import { createHmac, randomBytes, randomUUID } from 'node:crypto';

/** The one service principal of the simulated directory. */
export interface Credentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Whom a token is for. */
export interface Principal {
  readonly tenantId: string;
  /** A user's name, or the service principal's id. */
  readonly name: string;
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
  private readonly signingKey = randomBytes(32);

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

  /** Which authorities there are, as MSAL asks before it trusts one it does not know. */
  instanceDiscovery(): object {
    return {
      tenant_discovery_endpoint: `${this.endpoint}/${this.credentials.tenantId}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [],
    };
  }

  /** Answers a token request in the client credentials form, with a secret or a signed assertion. */
  token(form: URLSearchParams): TokenAnswer {
    const { clientId, clientSecret } = this.credentials;
    const assertion = form.get('client_assertion');
    const known =
      form.get('client_id') === clientId &&
      (form.get('client_secret') === clientSecret ||
        (assertion !== null && readClaim(assertion, 'sub') === clientId));
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

  /** A new valid token in the shape of a JWT: the service principal's, or a user's, in its own tenant or another. */
  issue(principal: Partial<Principal> = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { clientId } = this.credentials;
    const { tenantId = this.credentials.tenantId, name = clientId } = principal;
    const claims = {
      aud: this.endpoint,
      iss: `${this.endpoint}/${tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + tokenLifetimeSeconds,
      appid: clientId,
      oid: name,
      tid: tenantId,
      jti: randomUUID(),
    };
    const signed = `${part({ typ: 'JWT', alg: 'HS256' })}.${part(claims)}`;
    return `${signed}.${this.sign(signed)}`;
  }

  /** Whom an Authorization header is for, when its token is of this directory and has not run out. */
  verify(authorization: string): Principal | undefined {
    const [, signed, signature] = /^Bearer ([\w-]+\.[\w-]+)\.([\w-]+)$/i.exec(authorization) ?? [];
    if (signed === undefined || signature !== this.sign(signed)) {
      return undefined;
    }
    const expiry = readClaim(signed, 'exp');
    return typeof expiry === 'number' && expiry * 1000 > Date.now()
      ? { tenantId: String(readClaim(signed, 'tid')), name: String(readClaim(signed, 'oid')) }
      : undefined;
  }

  private sign(text: string): string {
    return createHmac('sha256', this.signingKey).update(text).digest('base64url');
  }
}

/** One claim of a JWT; undefined when the text is none. */
function readClaim(token: string, name: string): unknown {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? Reflect.get(claims, name) : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      return undefined;
    }
    throw cause;
  }
}
