import type { TokenCredential } from '@azure/core-auth';
import type { Cloud } from './clouds.ts';
import { AzureError } from './errors.ts';

/** How long a credential's helper process may take, in milliseconds. */
const processTimeoutMs = 20_000;

/** The account that the Azure CLI is signed in with (`az login`). */
export async function azureCliCredential(): Promise<TokenCredential> {
  const { AzureCliCredential } = await import('@azure/identity');
  return new AzureCliCredential({ processTimeoutInMs: processTimeoutMs });
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
    throw new AzureError({ kind: 'credential', detail: `Not set: ${missing.join(', ')}` });
  }
  const { EnvironmentCredential } = await import('@azure/identity');
  const authorityHost = env['AZURE_AUTHORITY_HOST'] ?? cloud.activeDirectoryEndpoint;
  // Only Microsoft's own hosts are known to instance discovery, which runs on the public cloud.
  const disableInstanceDiscovery = !/\.(microsoftonline\.(com|us)|chinacloudapi\.cn)$/.test(
    new URL(authorityHost).hostname,
  );
  return new EnvironmentCredential({ authorityHost, disableInstanceDiscovery });
}
