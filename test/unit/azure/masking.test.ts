import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { isEnvironmentValue, isSecretName, mask, maskSecrets, maskTags } from '../../../src/azure/masking.ts';

/** A secret as people choose them, which nothing else in a body looks like. */
const secret = fc
  .stringMatching(/^[A-Za-z0-9!#$^&*()_+/.;@:?=-]{8,30}$/)
  .map((text) => `xX${text.replaceAll('://', ':')}Xx`);

const secretName = fc.constantFrom(
  'DB_PASSWORD',
  'password',
  'ApiKey',
  'api-key',
  'client_secret',
  'ConnectionStrings__Password',
  'AZURE_STORAGE_KEY',
  'GITHUB_TOKEN',
  'sasToken',
  'SAS',
  'pwd',
  'dbpass',
  'Authorization',
  'privateKey',
);

/** A text of a command that holds a secret behind its name. */
const telling = fc
  .tuple(secret, secretName)
  .chain(([hidden, name]) =>
    fc
      .constantFrom(
        `--${name}=${hidden}`,
        `--${name} ${hidden}`,
        `-${name}:${hidden}`,
        `${name}=${hidden}`,
        `export ${name}='${hidden} and more'; exec server`,
        `echo '{"${name}": "${hidden}"}' > /config.json`,
        `{\\"${name}\\":\\"${hidden}\\"}`,
        `Server=db;User ID=sa;${name}=${hidden};Encrypt=true`,
        `curl -H "X-${name}: ${hidden}" http://host/`,
        `postgres://admin:${hidden}@db:5432/orders`,
        `git clone https://${hidden}@github.com/contoso/app`,
        `wget https://contoso.blob.core.windows.net/c/f?${hidden}`,
      )
      .map((text) => ({ text, hidden })),
  );

/** Puts a secret into a body. */
type Plant = (body: Record<string, unknown>, hidden: string) => void;

const propertiesOf = (body: Record<string, unknown>) =>
  (body['properties'] ??= {}) as Record<string, unknown>;
const firstContainer = (body: Record<string, unknown>) => {
  const list = (propertiesOf(body)['containers'] ??= []) as { properties: Record<string, unknown> }[];
  const [first = { properties: {} }] = list;
  list[0] = first;
  return first.properties;
};

/** All places of a container group that hold secrets, by the API's specification, and some that nobody knows yet. */
const places: Readonly<Record<string, Plant>> = {
  'an environment variable': (body, value) =>
    (firstContainer(body)['environmentVariables'] = [{ name: 'GREETING', value }]),
  'a secure environment variable': (body, secureValue) =>
    (firstContainer(body)['environmentVariables'] = [{ name: 'GREETING', secureValue }]),
  'an environment variable of an init container': (body, value) =>
    (propertiesOf(body)['initContainers'] = [
      { name: 'i', properties: { environmentVariables: [{ name: 'A', value }] } },
    ]),
  'a registry password': (body, password) =>
    (propertiesOf(body)['imageRegistryCredentials'] = [{ server: 's', username: 'u', password }]),
  'a storage key': (body, storageAccountKey) =>
    (propertiesOf(body)['volumes'] = [{ name: 'v', azureFile: { shareName: 's', storageAccountKey } }]),
  'a secret volume': (body, text) =>
    (propertiesOf(body)['volumes'] = [{ name: 'v', secret: { 'settings.json': text } }]),
  'a repository with credentials': (body, text) =>
    (propertiesOf(body)['volumes'] = [
      { name: 'v', gitRepo: { repository: `https://user:${text}@github.com/contoso/app.git` } },
    ]),
  'a workspace key': (body, workspaceKey) =>
    (propertiesOf(body)['diagnostics'] = { logAnalytics: { workspaceId: 'w', workspaceKey } }),
  'a workspace id that is secret': (body, workspaceResourceId) =>
    (propertiesOf(body)['diagnostics'] = { logAnalytics: { workspaceResourceId } }),
  'a header of a probe': (body, value) =>
    (firstContainer(body)['livenessProbe'] = {
      httpGet: { httpHeaders: [{ name: 'X-Own', value }] },
    }),
  'a configuration map': (body, text) =>
    (firstContainer(body)['configMap'] = { keyValuePairs: { greeting: text } }),
  'the protected settings of an extension': (body, text) =>
    (propertiesOf(body)['extensions'] = [
      { name: 'e', properties: { protectedSettings: { any: { where: [text] } } } },
    ]),
  'the settings of an extension': (body, clientSecret) =>
    (propertiesOf(body)['extensions'] = [{ name: 'e', properties: { settings: { clientSecret } } }]),
  'a confidential policy': (body, ccePolicy) =>
    (propertiesOf(body)['confidentialComputeProperties'] = { ccePolicy }),
  'a tag named like a secret': (body, apiKey) => (body['tags'] = { apiKey }),
  'a tag named like a field that is shown': (body, text) => (body['tags'] = { passwordReference: text }),
  'an unknown field named like a secret': (body, accessToken) =>
    (propertiesOf(body)['tomorrow'] = { accessToken: { inner: [accessToken] } }),
  'an argument after its flag': (body, text) =>
    (firstContainer(body)['command'] = ['server', '--db-password', `${text} with blanks`, '--port', '80']),
  'a token in a message': (body, text) =>
    (propertiesOf(body)['instanceView'] = {
      events: [{ message: `pulled with token eyJ${text.replace(/[^\w]/g, '')}eyJhbGciOiJIUzI1NiJ9` }],
    }),
};

/** A body that has other things too. */
const body = fc
  .dictionary(
    fc.constantFrom('id', 'name', 'location', 'zones', 'properties', 'identity'),
    fc.jsonValue({ maxDepth: 2 }),
  )
  .map((made) => ({
    ...made,
    properties: { sku: 'Standard', containers: [{ name: 'c', properties: { image: 'i' } }] },
  }));

describe('maskSecrets', () => {
  for (const [place, plant] of Object.entries(places)) {
    it(`shows no secret from ${place}`, () => {
      fc.assert(
        fc.property(body, secret, (made: Record<string, unknown>, hidden) => {
          plant(made, hidden);
          assert.ok(
            JSON.stringify(made).includes(hidden.replace(/[^\w]/g, '')) ||
              JSON.stringify(made).includes(hidden),
          );
          const shown = JSON.stringify(maskSecrets(made));
          assert.ok(!shown.includes(hidden) && !shown.includes(`eyJ${hidden.replace(/[^\w]/g, '')}`), shown);
        }),
      );
    });
  }

  it('shows no secret that a command line or a tag gives away, in an argument of its own or inside of one', () => {
    fc.assert(
      fc.property(telling, fc.boolean(), ({ text, hidden }, inTag) => {
        const made = inTag
          ? { tags: { note: text } }
          : { properties: { containers: [{ properties: { command: ['/bin/sh', '-c', text] } }] } };
        const shown = JSON.stringify(maskSecrets(made));
        assert.ok(!shown.includes(hidden) && !shown.includes(JSON.stringify(hidden).slice(1, -1)), shown);
      }),
      { numRuns: 200 },
    );
  });

  it('shows all the rest just as it is', () => {
    const plain = {
      id: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g',
      tags: { environment: 'production', owner: 'anna' },
      identity: { principalId: 'p', userAssignedIdentities: { '/subscriptions/s/x': { clientId: 'c' } } },
      properties: {
        provisioningTimeoutInSeconds: 1_800,
        containers: [
          {
            name: 'c',
            properties: {
              image: 'contoso.azurecr.io/web@sha256:abc',
              command: ['/bin/sh', '-c', 'while true; do echo hello; sleep 20; done', '--port=80', 'C:\\app'],
              ports: [{ port: 80, protocol: 'TCP' }],
              resources: { requests: { cpu: 0.5, memoryInGB: 1.5 } },
              instanceView: {
                events: [
                  {
                    name: 'Failed',
                    message: 'failed to fetch anonymous token: unexpected status 401 Unauthorized',
                  },
                ],
              },
              environmentVariables: [{ name: 'A', secureValueReference: 'from-vault' }, { name: 'B' }],
            },
          },
        ],
        imageRegistryCredentials: [{ server: 's', username: 'u', passwordReference: 'r' }],
        secretReferences: [
          { name: 'r', identity: 'i', secretReferenceUri: 'https://v.vault.azure.net/secrets/r' },
        ],
        encryptionProperties: { vaultBaseUrl: 'https://v.vault.azure.net', keyName: 'k', keyVersion: '1' },
        volumes: [
          { name: 'v', secret: {} },
          { name: 'w', azureFile: { shareName: 's', storageAccountName: 'a' } },
        ],
      },
    };
    assert.deepEqual(maskSecrets(plain), plain);
  });

  it('reveals a plain environment value, and never anything else', () => {
    const made = {
      tags: { password: 'p' },
      properties: {
        containers: [
          {
            properties: {
              environmentVariables: [
                { name: 'A', value: 'one' },
                { name: 'B', value: 'two' },
              ],
            },
          },
        ],
        imageRegistryCredentials: [{ password: 'three' }],
      },
    };
    const second = '/properties/containers/0/properties/environmentVariables/1/value';
    assert.ok(isEnvironmentValue(second) && !isEnvironmentValue('/tags/value'));
    assert.deepEqual(
      maskSecrets(made, (pointer) => pointer === second),
      {
        tags: { password: mask },
        properties: {
          containers: [
            {
              properties: {
                environmentVariables: [
                  { name: 'A', value: mask },
                  { name: 'B', value: 'two' },
                ],
              },
            },
          ],
          imageRegistryCredentials: [{ password: mask }],
        },
      },
    );
    assert.doesNotMatch(JSON.stringify(maskSecrets(made, () => true)), /three|"p"/);
  });

  it('never throws, and leaves no field out, whatever the body', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (made) => {
        const fields = (value: unknown): number =>
          typeof value === 'object' && value !== null
            ? Object.values(value).reduce<number>((sum, inner) => sum + 1 + fields(inner), 0)
            : 0;
        assert.equal(fields(maskSecrets(made)), fields(made));
      }),
    );
  });
});

describe('isSecretName', () => {
  it('knows what people call secrets, and not everything with a few of their letters', () => {
    for (const name of [
      'PASSWORD',
      'MySqlPwd',
      'x-api-key',
      'HOCKEY_KEY',
      'SASToken',
      'auth',
      'TLS_CERT',
      'pw',
    ]) {
      assert.ok(isSecretName(name), name);
    }
    for (const name of [
      'author',
      'keyboard',
      'PATH',
      'compass_direction',
      'passive',
      'environment',
      'sku',
      '',
    ]) {
      assert.ok(!isSecretName(name), name);
    }
  });
});

describe('maskTags', () => {
  it('keeps names, and the values of those that are not named like secrets', () => {
    assert.deepEqual(maskTags({ owner: 'anna', 'db-password': 'p', odd: 5 }), {
      owner: 'anna',
      'db-password': mask,
      odd: mask,
    });
    assert.deepEqual(maskTags(null), {});
  });
});
