import type { Scenario } from '../emulator/scenario.ts';

/** What each secret of the scenario below begins with. Nothing of the product or of VS Code has this text. */
export const secretMark = 'sEcReT-mArK';

let count = 0;

/** One more secret that looks like no other. */
function secret(): string {
  count++;
  return `${secretMark}-${count}`;
}

/** A group with a secret at every place where one can be, even those that Azure itself leaves out of its answers. */
export const secretsScenario: Scenario = {
  subscriptions: [
    {
      subscriptionId: '33333333-0001-4000-8000-000000000001',
      displayName: 'Vault',
      groups: [
        {
          name: 'safe',
          resourceGroup: 'rg-safe',
          location: 'westeurope',
          sku: 'Standard',
          restartPolicy: 'Always',
          tags: { owner: 'anna', 'db-password': secret(), apiKey: secret(), note: `Password=${secret()}` },
          containers: [
            {
              name: 'safe',
              image: 'contoso.azurecr.io/safe:1.0',
              environmentVariables: [
                { name: 'DB_PASSWORD', value: secret() },
                { name: 'GREETING', value: secret() },
                { name: 'HIDDEN', ...{ secureValue: secret() } },
              ],
              log: ['started'],
              properties: {
                command: [
                  '/bin/server',
                  `--password=${secret()}`,
                  '--api-key',
                  secret(),
                  `postgres://admin:${secret()}@db/orders`,
                ],
                livenessProbe: {
                  httpGet: { port: 80, httpHeaders: [{ name: 'X-Own', value: secret() }] },
                },
                configMap: { keyValuePairs: { greeting: secret() } },
              },
            },
            {
              name: 'broken',
              image: 'contoso.azurecr.io/broken:1.0',
              environmentVariables: [{ name: 'TOKEN', value: secret() }],
              currentState: { state: 'Terminated', exitCode: 2, detailStatus: 'Error' },
              log: ['no such file'],
            },
          ],
          initContainers: [
            {
              name: 'prepare',
              image: 'contoso.azurecr.io/prepare:1.0',
              environmentVariables: [{ name: 'KEY', value: secret() }],
              currentState: { state: 'Terminated', exitCode: 0, detailStatus: 'Completed' },
            },
          ],
          properties: {
            ipAddress: {
              type: 'Public',
              ip: '20.76.1.12',
              fqdn: 'safe.westeurope.azurecontainer.io',
              ports: [{ protocol: 'TCP', port: 443 }],
            },
            imageRegistryCredentials: [
              { server: 'contoso.azurecr.io', username: 'contoso', password: secret() },
            ],
            volumes: [
              {
                name: 'files',
                azureFile: { shareName: 's', storageAccountName: 'contoso', storageAccountKey: secret() },
              },
              { name: 'secrets', secret: { 'settings.json': secret() } },
              { name: 'code', gitRepo: { repository: `https://anna:${secret()}@github.com/contoso/safe` } },
            ],
            diagnostics: { logAnalytics: { workspaceId: 'w', workspaceKey: secret() } },
            tomorrow: { accessToken: secret() },
          },
        },
      ],
    },
  ],
};

/** How many secrets there are. */
export const secretCount = count;
