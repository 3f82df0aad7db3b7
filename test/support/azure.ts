import { AzureClient } from '../../src/azure/azureClient.ts';
import { credentialAccount } from '../../src/azure/credentials.ts';
import { cloud } from '../../src/ui/settings.ts';

let client: AzureClient | undefined;

/** The simulated Azure, as the environment's service principal. */
export function azure(): Promise<AzureClient> {
  client ??= new AzureClient(cloud(), [credentialAccount('environment', cloud(), process.env)]);
  return Promise.resolve(client);
}
