import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { cloudFromSettings } from '../../../src/azure/clouds.ts';
import { azureCliCredential, credentialAccount } from '../../../src/azure/credentials.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { signInAzureCli, type AzureCliSignIn } from '../../emulator/azureCli.ts';
import { customEnvironment } from '../../emulator/customEnvironment.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { startProxy, type Proxy } from '../../integration/proxy.ts';
import { allOperations, clientOf, trust, trustNone } from './operations.ts';

const environment = { ...process.env };

let emulator: Emulator;
let proxy: Proxy;
let signIn: AzureCliSignIn;
before(async () => {
  emulator = await startEmulator();
  proxy = await startProxy();
  signIn = await signInAzureCli(emulator);
});
after(async () => {
  proxy.close();
  await emulator.close();
  await rm(signIn.folder, { recursive: true });
});
beforeEach(async () => {
  proxy.refused = '';
  const { tenantId, clientId, clientSecret } = emulator.credentials;
  process.env = {
    ...environment,
    ...signIn.env,
    AZURE_TENANT_ID: tenantId,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    AZURE_AUTHORITY_HOST: emulator.endpoint,
  };
  delete process.env['NO_PROXY'];
  // The Azure CLI has to ask for each token.
  for (const name of await readdir(signIn.folder)) {
    if (/^msal_(token|http)_cache/.test(name)) {
      await rm(path.join(signIn.folder, name));
    }
  }
});

const cloud = () => cloudFromSettings('custom', customEnvironment(emulator.endpoint));

/** Who asks whom, over the network. */
const places: Readonly<Record<string, () => Promise<unknown>>> = {
  ...Object.fromEntries(
    Object.entries(allOperations).map(([name, { call }]) => [
      `Resource Manager, ${name}`,
      () => call(clientOf(emulator)),
    ]),
  ),
  'sign-in, environment': async () =>
    (await credentialAccount('environment', cloud(), process.env).credential(undefined)).getToken(
      cloud().scope,
    ),
  'sign-in, default': async () =>
    (await credentialAccount('default', cloud(), process.env).credential(undefined)).getToken(cloud().scope),
  'sign-in, azureCli': async () => (await azureCliCredential()).getToken(cloud().scope),
};

/** What stands between, and what it is called in the words for the user. */
const obstacles: Readonly<Record<string, readonly [prepare: () => void, code: RegExp]>> = {
  'a certificate that is not trusted': [
    () => {
      trustNone();
      delete process.env['REQUESTS_CA_BUNDLE'];
      delete process.env['SSL_CERT_FILE'];
    },
    /CERT|SIGNATURE/,
  ],
  'a proxy that refuses name and password': [
    () => {
      trust(emulator);
      process.env['HTTPS_PROXY'] = proxy.wrongUrl;
    },
    /^HTTP 407$/,
  ],
  'a proxy that lets nobody through': [
    () => {
      trust(emulator);
      process.env['HTTPS_PROXY'] = proxy.url;
      proxy.refused = '127.0.0.1';
    },
    /^HTTP 403$/,
  ],
};

describe('what stands between is named', () => {
  for (const [obstacle, [prepare, code]] of Object.entries(obstacles)) {
    for (const [place, ask] of Object.entries(places)) {
      it(`${obstacle}: ${place}`, async () => {
        prepare();
        await assert.rejects(ask(), (error) => {
          assert.ok(error instanceof AzureError, String(error));
          const { problem } = error;
          assert.equal(problem.kind, 'unreachable', error.message);
          assert.ok('code' in problem);
          assert.match(problem.code, code);
          assert.match('host' in problem ? problem.host : '', /^127\.0\.0\.1/);
          return true;
        });
      });
    }
  }

  it('the sign-in page of a network, at sign-in', async () => {
    trust(emulator);
    for (const [status, body] of [
      [200, '<html>Sign in to the hotel</html>'],
      [302, ''],
    ] as const) {
      const headers = { location: 'https://hotel.example/', 'content-type': 'text/html' };
      emulator.addFault({ kind: 'body', status, body, headers, times: 'always' });
      for (const kind of ['environment', 'default'] as const) {
        const credential = await credentialAccount(kind, cloud(), process.env).credential(undefined);
        await assert.rejects(
          credential.getToken(cloud().scope),
          (error) => error instanceof AzureError && error.problem.kind === 'notAzure',
        );
      }
      emulator.clearFaults();
    }
  });

  it('but an answer of the directory is its own', async () => {
    trust(emulator);
    process.env['AZURE_CLIENT_SECRET'] = 'wrong';
    const credential = await credentialAccount('environment', cloud(), process.env).credential(undefined);
    await assert.rejects(
      credential.getToken(cloud().scope),
      (error) =>
        error instanceof AzureError &&
        error.problem.kind === 'credential' &&
        /^AADSTS7000215/.test(error.problem.detail),
    );
  });
});
