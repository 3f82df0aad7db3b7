import { customEnvironment } from '../emulator/customEnvironment.ts';
import type { Emulator } from '../emulator/emulator.ts';

/** The settings and environment that point VS Code and the extension at an emulator. */
export function azureSettings({ endpoint, caPath, credentials, controlUrl }: Emulator) {
  return {
    settings: {
      'containerInstances.credential': 'environment',
      'microsoft-sovereign-cloud.environment': 'custom',
      'microsoft-sovereign-cloud.customEnvironment': customEnvironment(endpoint),
    },
    env: {
      NODE_EXTRA_CA_CERTS: caPath,
      AZURE_TENANT_ID: credentials.tenantId,
      AZURE_CLIENT_ID: credentials.clientId,
      AZURE_CLIENT_SECRET: credentials.clientSecret,
      AZURE_AUTHORITY_HOST: endpoint,
      ACI_TEST_CONTROL_URL: controlUrl,
    },
  };
}
