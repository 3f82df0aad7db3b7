import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AzureError } from '../../../src/azure/errors.ts';
import { ResourceManager } from '../../../src/azure/resourceManager.ts';
import { CloudSettingError, cloudFromSettings } from '../../../src/azure/clouds.ts';

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

  for (const [environment, endpoint, scope] of rows) {
    it(`${environment ?? 'no setting'}: Resource Graph is asked with the scope of its own cloud`, async () => {
      const asked: { scopes?: unknown } = {};
      const credential = {
        getToken: (scopes: unknown) => {
          asked.scopes = scopes;
          return Promise.reject(new AzureError({ kind: 'notSignedIn' }));
        },
      };
      const cloud = cloudFromSettings(environment, undefined);
      const manager = new ResourceManager(cloud, credential);
      const { signal } = new AbortController();
      await assert.rejects(manager.queryContainerGroups(['s'], undefined, signal), AzureError);
      assert.deepEqual(asked.scopes, [scope]);
      assert.equal(cloud.resourceManagerEndpoint, endpoint);
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
      name: 'Stack',
      resourceManagerEndpointUrl: 'https://arm.example/',
      activeDirectoryEndpointUrl: 'https://login.example/adfs/',
      activeDirectoryResourceId: 'https://arm.example/',
    });
    assert.deepEqual(cloud, {
      name: 'Stack',
      resourceManagerEndpoint: 'https://arm.example',
      activeDirectoryEndpoint: 'https://login.example/adfs',
      scope: 'https://arm.example/.default',
    });
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
