import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import type { TokenCredential } from '@azure/core-auth';
import { cloudFromSettings } from '../../../src/azure/clouds.ts';
import { credentialAccount } from '../../../src/azure/credentials.ts';
import { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import { signInAzureCli } from '../../emulator/azureCli.ts';
import { customEnvironment } from '../../emulator/customEnvironment.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { writeClientCertificate } from '../../support/clientCertificate.ts';
import '../../support/vscode.ts';
import { operations, trust } from './operations.ts';

const vscode = await import('vscode');
const { vsCodeAccount } = await import('../../../src/ui/account.ts');

describe('fifty requests at once ask the credential once', () => {
  let emulator: Emulator;
  let folder: string;
  const environment = { ...process.env };
  before(async () => {
    emulator = await startEmulator();
    trust(emulator);
    folder = await mkdtemp(path.join(os.tmpdir(), 'credentials-'));
  });
  after(async () => {
    await emulator.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    process.env = { ...environment };
    emulator.reset();
  });
  afterEach(() => mock.restoreAll());

  const cloud = () => cloudFromSettings('custom', customEnvironment(emulator.endpoint));

  /** Asks for lists, groups and sessions with one credential, more than fifty in all and within Resource Graph's quota. */
  async function askFifty(credential: TokenCredential): Promise<void> {
    const client = new ResourceManagerClient(cloud(), credential);
    // Metrics have so short a time limit that a slow credential takes all of it.
    const calls = Object.values(operations).filter(({ operation }) => operation !== 'metrics');
    await Promise.all(Array.from({ length: 7 }, () => calls.map(({ call }) => call(client))).flat());
    await client.subscriptions.ownTenantId();
  }

  function signInAsServicePrincipal(): void {
    const { tenantId, clientId, clientSecret } = emulator.credentials;
    Object.assign(process.env, {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_CLIENT_SECRET: clientSecret,
      AZURE_AUTHORITY_HOST: emulator.endpoint,
    });
  }

  for (const kind of ['environment', 'default'] as const) {
    it(kind, async () => {
      signInAsServicePrincipal();
      const account = credentialAccount(kind, cloud(), process.env);
      await askFifty(await account.credential(undefined));
      assert.equal(emulator.requests.filter(({ operation }) => operation === 'token').length, 1);
    });
  }

  it('environment, with a certificate', async () => {
    signInAsServicePrincipal();
    delete process.env['AZURE_CLIENT_SECRET'];
    const file = path.join(folder, 'client.pem');
    await writeClientCertificate(file);
    process.env['AZURE_CLIENT_CERTIFICATE_PATH'] = file;
    const account = credentialAccount('environment', cloud(), process.env);
    await askFifty(await account.credential(undefined));
    assert.equal(emulator.requests.filter(({ operation }) => operation === 'token').length, 1);
  });

  it('vscode', async () => {
    const session = { id: 's', accessToken: emulator.credentials.bearerToken, scopes: [] };
    const account = { id: 'a', label: 'anna@contoso.example' };
    const getSession = mock.method(vscode.authentication, 'getSession', () =>
      Promise.resolve({ ...session, account }),
    );
    await askFifty(await vsCodeAccount('microsoft', account).credential(undefined));
    assert.equal(getSession.mock.callCount(), 1);
  });

  it('azureCli: one process', async () => {
    const signIn = await signInAzureCli(emulator);
    const log = path.join(folder, 'calls');
    const az = path.join(folder, 'az');
    await writeFile(az, `#!/bin/sh\necho "$@" >>${log}\nPATH=${signIn.env['PATH'] ?? ''} exec az "$@"\n`);
    await chmod(az, 0o755);
    Object.assign(process.env, signIn.env, { PATH: `${folder}:${signIn.env['PATH'] ?? ''}` });
    try {
      const account = credentialAccount('azureCli', cloud(), process.env);
      await askFifty(await account.credential(undefined));
      assert.equal((await readFile(log, 'utf8')).split('\n').filter((line) => line !== '').length, 1);
    } finally {
      await rm(signIn.folder, { recursive: true });
    }
  });
});
