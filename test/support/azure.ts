import { Azure } from '../../src/azure/azure.ts';
import { credentialAccount } from '../../src/azure/credentials.ts';
import { cloud } from '../../src/ui/settings.ts';

let manager: Azure | undefined;

/** The simulated Azure, as the environment's service principal. */
export function azure(): Promise<Azure> {
  manager ??= new Azure(cloud(), [credentialAccount('environment', cloud(), process.env)]);
  return Promise.resolve(manager);
}
