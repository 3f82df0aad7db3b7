import assert from 'node:assert/strict';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { describe, it, mock } from 'node:test';
import { environmentCredential } from '../../../src/azure/credentials.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import { CloudSettingError, cloudFromSettings, portalLink } from '../../../src/azure/clouds.ts';

describe('cloudFromSettings', () => {
  const rows = [
    [undefined, 'https://management.azure.com', 'https://management.core.windows.net/.default'],
    ['', 'https://management.azure.com', 'https://management.core.windows.net/.default'],
    [
      'USGovernment',
      'https://management.usgovcloudapi.net',
      'https://management.core.usgovcloudapi.net/.default',
    ],
    [
      'ChinaCloud',
      'https://management.chinacloudapi.cn',
      'https://management.core.chinacloudapi.cn/.default',
    ],
  ] as const;
  for (const [environment, endpoint, scope] of rows) {
    it(`${environment ?? 'no setting'}: endpoint and scope belong together`, () => {
      const cloud = cloudFromSettings(environment, undefined);
      assert.equal(cloud.resourceManagerEndpoint, endpoint);
      assert.equal(cloud.scope, scope);
    });
  }

  const logins = [
    [undefined, 'https://login.microsoftonline.com'],
    ['USGovernment', 'https://login.microsoftonline.us'],
    ['ChinaCloud', 'https://login.chinacloudapi.cn'],
  ] as const;
  for (const [environment, login] of logins) {
    it(`${environment ?? 'no setting'}: signs in at ${login}`, () => {
      assert.equal(cloudFromSettings(environment, undefined).activeDirectoryEndpoint, login);
    });
  }

  it('takes a custom cloud from its addresses', () => {
    const cloud = cloudFromSettings('custom', {
      resourceManagerEndpointUrl: 'https://arm.example/',
      activeDirectoryEndpointUrl: 'https://login.example/adfs/',
      activeDirectoryResourceId: 'https://arm.example/',
    });
    assert.deepEqual(cloud, {
      resourceManagerEndpoint: 'https://arm.example',
      activeDirectoryEndpoint: 'https://login.example/adfs',
      scope: 'https://arm.example/.default',
      portalUrl: undefined,
    });
  });

  it('takes the portal of a custom cloud where there is one', () => {
    const portalOf = (portalUrl: unknown) =>
      cloudFromSettings('custom', {
        resourceManagerEndpointUrl: 'https://arm.example/',
        activeDirectoryEndpointUrl: 'https://login.example/',
        activeDirectoryResourceId: 'https://arm.example/',
        portalUrl,
      }).portalUrl;
    assert.equal(portalOf('https://portal.example/'), 'https://portal.example');
    for (const none of [undefined, '', 'http://portal.example', 'javascript:alert(1)', 5]) {
      assert.equal(portalOf(none), undefined);
    }
  });

  it('refuses clear text, missing addresses and unknown clouds, naming the setting', () => {
    for (const [environment, custom] of [
      ['custom', { resourceManagerEndpointUrl: 'http://arm.example' }],
      ['custom', undefined],
      ['Mars', undefined],
    ] as const) {
      assert.throws(
        () => cloudFromSettings(environment, custom),
        (error) =>
          error instanceof CloudSettingError && error.message.startsWith('microsoft-sovereign-cloud.'),
      );
    }
  });
});

describe('portalLink', () => {
  const id = '/subscriptions/s/resourceGroups/rg (ä)/providers/Microsoft.ContainerInstance/containerGroups/g';

  it("leads to the resource in the cloud's own portal, as the tenant that lists it", () => {
    for (const [environment, portal] of [
      ['', 'https://portal.azure.com'],
      ['USGovernment', 'https://portal.azure.us'],
      ['ChinaCloud', 'https://portal.azure.cn'],
    ] as const) {
      assert.equal(
        portalLink(cloudFromSettings(environment, undefined), 'contoso', id),
        `${portal}/#@contoso/resource/subscriptions/s/resourceGroups/rg%20(%C3%A4)/providers/Microsoft.ContainerInstance/containerGroups/g`,
      );
    }
  });

  it('names no tenant that is not known, and leads nowhere without a portal', () => {
    assert.equal(
      portalLink({ portalUrl: 'https://p' }, undefined, '/subscriptions/s'),
      'https://p/#resource/subscriptions/s',
    );
    assert.equal(portalLink({ portalUrl: undefined }, 'contoso', id), undefined);
  });
});

/** The hosts that are asked while `work` runs; each request fails there and then. */
async function hostsAsked(work: () => Promise<unknown>): Promise<readonly string[]> {
  const hosts: string[] = [];
  const request = mock.method(https, 'request', (options: https.RequestOptions) => {
    hosts.push(options.hostname ?? '');
    throw new AzureError({ kind: 'unexpected', detail: 'no network in this test' });
  });
  syncBuiltinESMExports();
  try {
    await assert.rejects(work(), AzureError);
  } finally {
    request.mock.restore();
    syncBuiltinESMExports();
  }
  return [...new Set(hosts)];
}

describe('each cloud is asked at its own hosts, with its own scope', () => {
  const rows = [
    ['', 'management.azure.com', 'https://management.core.windows.net/.default', 'login.microsoftonline.com'],
    [
      'USGovernment',
      'management.usgovcloudapi.net',
      'https://management.core.usgovcloudapi.net/.default',
      'login.microsoftonline.us',
    ],
    [
      'ChinaCloud',
      'management.chinacloudapi.cn',
      'https://management.core.chinacloudapi.cn/.default',
      'login.partner.microsoftonline.cn', // the newer name of login.chinacloudapi.cn, which MSAL asks instead
    ],
    ['custom', 'arm.example', 'https://arm.example/.default', 'login.example'],
  ] as const;
  const { signal } = new AbortController();
  const group = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g';
  const calls: Readonly<Record<string, (client: ResourceManagerClient) => Promise<unknown>>> = {
    tenants: ({ subscriptions }) => subscriptions.listTenants(signal),
    subscriptions: ({ subscriptions }) => subscriptions.list(signal),
    'container groups': ({ containerGroups }) => containerGroups.list('s', signal),
    'a container group': ({ containerGroups }) => containerGroups.get(group, signal),
    'a container group as it is answered': ({ containerGroups }) => containerGroups.getRaw(group, signal),
    metrics: ({ metrics }) => metrics.lastHour(group, signal),
    exec: ({ containers }) =>
      containers.executeCommand(
        { groupId: group, container: 'c', command: '/bin/sh', size: { columns: 80, rows: 24 } },
        signal,
      ),
    'Resource Graph': ({ containerGroups }) => containerGroups.query(['s'], undefined, signal),
  };
  for (const [environment, host, scope, login] of rows) {
    const cloud = cloudFromSettings(environment, {
      resourceManagerEndpointUrl: 'https://arm.example/',
      activeDirectoryEndpointUrl: 'https://login.example/',
      activeDirectoryResourceId: 'https://arm.example/',
    });
    for (const [name, call] of Object.entries(calls)) {
      it(`${environment === '' ? 'public' : environment}: ${name}`, async () => {
        const scopes = new Set<string>();
        const credential = {
          getToken: (asked: string | string[]) => {
            for (const one of [asked].flat()) {
              scopes.add(one);
            }
            return Promise.resolve({ token: 'x', expiresOnTimestamp: Date.now() + 3_600_000 });
          },
        };
        assert.deepEqual(await hostsAsked(() => call(new ResourceManagerClient(cloud, credential))), [host]);
        assert.deepEqual([...scopes], [scope]);
      });
    }

    it(`${environment === '' ? 'public' : environment}: sign-in`, async () => {
      const variables = { AZURE_TENANT_ID: 'contoso', AZURE_CLIENT_ID: 'id', AZURE_CLIENT_SECRET: 'secret' };
      const before = { ...process.env };
      Object.assign(process.env, variables);
      try {
        const credential = await environmentCredential(cloud, variables);
        assert.deepEqual(await hostsAsked(() => credential.getToken(cloud.scope)), [login]);
      } finally {
        process.env = before;
      }
    });
  }
});
