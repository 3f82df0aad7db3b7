import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/core-auth';
import type { Cloud } from './clouds.ts';
import type { CredentialKind } from './credentialKind.ts';
import { shorten } from '../base/redact.ts';
import { readAnswers } from './answers.ts';
import { AzureError, toAzureError } from './errors.ts';
import { keepConnection } from './resourceManager/pipeline.ts';
import { azureCliProblem, SignInFailures } from './signInFailures.ts';
import { inOwnTurn } from '../base/ownTurn.ts';

/** The longest that a credential's helper process may take, in milliseconds. */
const processTimeoutMs = 20_000;

/** Someone who can ask Azure. */
export interface Account {
  /** What choices are remembered under: stable over sessions, and no secret. */
  readonly id: string;
  readonly label: string;
  readonly kind: CredentialKind;
  /** Whether it may be a guest in other tenants. */
  readonly manyTenants: boolean;
  /** Its credential in a tenant; in its own one without. */
  credential(tenantId: string | undefined): Promise<TokenCredential>;
}

/** The one account of a credential other than VS Code's. */
export function credentialAccount(
  kind: Exclude<CredentialKind, 'vscode'>,
  cloud: Cloud,
  env: NodeJS.ProcessEnv,
): Account {
  switch (kind) {
    case 'azureCli':
      return { id: kind, label: 'Azure CLI', kind, manyTenants: true, credential: azureCliCredential };
    case 'environment': {
      const id = env['AZURE_CLIENT_ID'] ?? kind;
      const credential = () => environmentCredential(cloud, env);
      return { id, label: id, kind, manyTenants: false, credential };
    }
    case 'default': {
      const credential = () => defaultCredential(cloud, env);
      return { id: kind, label: 'DefaultAzureCredential', kind, manyTenants: false, credential };
    }
  }
}

/** The account that the Azure CLI is signed in with (`az login`). */
export async function azureCliCredential(tenantId?: string): Promise<TokenCredential> {
  const { AzureCliCredential } = await inOwnTurn(() => import('./identity.ts'));
  const options = { processTimeoutInMs: processTimeoutMs, ...(tenantId === undefined ? {} : { tenantId }) };
  return new NamedCredential('azureCli', tenantId, new AzureCliCredential(options));
}

/**
 * The service principal of the `AZURE_TENANT_ID`, `AZURE_CLIENT_ID` and `AZURE_CLIENT_SECRET` or
 * `AZURE_CLIENT_CERTIFICATE_PATH` variables; `AZURE_AUTHORITY_HOST` goes before the cloud's own.
 * @throws {AzureError} when one of them is missing.
 */
export async function environmentCredential(cloud: Cloud, env: NodeJS.ProcessEnv): Promise<TokenCredential> {
  const missing = ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID'].filter((name) => !env[name]);
  if (!env['AZURE_CLIENT_SECRET'] && !env['AZURE_CLIENT_CERTIFICATE_PATH']) {
    missing.push('AZURE_CLIENT_SECRET');
  }
  if (missing.length > 0) {
    const detail = `Not set: ${missing.join(', ')}`;
    throw new AzureError({ kind: 'credential', credential: 'environment', detail });
  }
  const { EnvironmentCredential } = await inOwnTurn(() => import('./identity.ts'));
  const failures = new SignInFailures();
  const credential = new EnvironmentCredential(authorityOptions(cloud, env, failures));
  return new NamedCredential('environment', undefined, credential, failures);
}

/** What `DefaultAzureCredential` finds: the environment, a workload or managed identity, then developer tools. */
async function defaultCredential(cloud: Cloud, env: NodeJS.ProcessEnv): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await inOwnTurn(() => import('./identity.ts'));
  const failures = new SignInFailures();
  const options = { ...authorityOptions(cloud, env, failures), processTimeoutInMs: processTimeoutMs };
  return new NamedCredential('default', undefined, new DefaultAzureCredential(options), failures);
}

function authorityOptions(cloud: Cloud, env: NodeJS.ProcessEnv, failures: SignInFailures) {
  const authorityHost = env['AZURE_AUTHORITY_HOST'] ?? cloud.activeDirectoryEndpoint;
  // Only Microsoft's own hosts are known to instance discovery, which runs on the public cloud.
  const disableInstanceDiscovery = !/\.(microsoftonline\.(com|us)|chinacloudapi\.cn)$/.test(
    new URL(authorityHost).hostname,
  );
  const additionalPolicies = [
    { policy: keepConnection(), position: 'perCall' as const }, // a sign-in is several requests to one host
    { policy: failures.policy, position: 'perRetry' as const },
    { policy: readAnswers, position: 'perRetry' as const },
  ];
  return { authorityHost, disableInstanceDiscovery, additionalPolicies };
}

/** A credential whose errors say which one it is, in which tenant, and what the network had to do with them. */
class NamedCredential implements TokenCredential {
  private readonly kind: CredentialKind;
  private readonly tenantId: string | undefined;
  private readonly credential: TokenCredential;
  private readonly failures: SignInFailures;

  constructor(
    kind: CredentialKind,
    tenantId: string | undefined,
    credential: TokenCredential,
    failures = new SignInFailures(),
  ) {
    this.kind = kind;
    this.tenantId = tenantId;
    this.credential = credential;
    this.failures = failures;
  }

  async getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken | null> {
    this.failures.take();
    try {
      return await this.credential.getToken(scopes, options);
    } catch (error) {
      throw this.failures.take() ?? this.named(error);
    }
  }

  private named(error: unknown): unknown {
    const { problem } = toAzureError(error);
    if (problem.kind !== 'credential') {
      return error;
    }
    const network = azureCliProblem(error instanceof Error ? shorten(error.message) : '');
    return new AzureError(
      network ?? {
        ...problem,
        detail: inOneSentence(problem.detail),
        credential: this.kind,
        ...(this.tenantId === undefined ? {} : { tenantId: this.tenantId }),
      },
      { cause: error },
    );
  }
}

/** Why a credential gave no token, where the library tells what to do instead, or only that all it tried have failed. */
function inOneSentence(detail: string): string {
  if (/^Please run 'az login'/.test(detail)) {
    return 'nobody is signed in to it';
  }
  return /^ChainedTokenCredential/.test(detail)
    ? 'none is set up in the environment, on this machine or in the developer tools'
    : detail;
}
