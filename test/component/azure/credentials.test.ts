import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import tls from 'node:tls';
import type { TokenCredential } from '@azure/core-auth';
import { cloudFromSettings } from '../../../src/azure/clouds.ts';
import {
  azureCliCredential,
  credentialAccount,
  environmentCredential,
} from '../../../src/azure/credentials.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import { inputPace } from '../../../src/exec/input.ts';
import { ExecSession } from '../../../src/exec/session.ts';
import { signInAzureCli } from '../../emulator/azureCli.ts';
import { customEnvironment } from '../../emulator/customEnvironment.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { defaultScenario, readScenario } from '../../emulator/scenario.ts';
import { writeClientCertificate } from '../../support/clientCertificate.ts';

const { signal } = new AbortController();

describe('credentials and Resource Manager', () => {
  let emulator: Emulator;
  let folder: string;
  before(async () => {
    // Pages of three, so that every list is paged.
    emulator = await startEmulator({ scenario: { ...readScenario(defaultScenario), pageSize: 3 } });
    folder = await mkdtemp(path.join(os.tmpdir(), 'certificate-'));
    tls.setDefaultCACertificates([...tls.getCACertificates(), readFileSync(emulator.caPath, 'utf8')]);
  });
  after(async () => {
    await emulator.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => emulator.reset());

  const cloud = () => cloudFromSettings('custom', customEnvironment(emulator.endpoint));

  function environment(more: Record<string, string>): Record<string, string> {
    const { tenantId, clientId } = emulator.credentials;
    return {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_AUTHORITY_HOST: emulator.endpoint,
      ...more,
    };
  }

  /** `@azure/identity` reads this process's own environment. */
  async function fromEnvironment(more: Record<string, string>): Promise<TokenCredential> {
    const env = environment(more);
    delete process.env['AZURE_CLIENT_SECRET'];
    Object.assign(process.env, env);
    return environmentCredential(cloud(), process.env);
  }

  async function expectEverything(credential: TokenCredential): Promise<void> {
    const client = new ResourceManagerClient(cloud(), credential);
    const subscriptions = await client.subscriptions.list(signal);
    assert.equal(subscriptions.length, 2);
    const production = subscriptions.find(({ displayName }) => displayName === 'Contoso Production');
    const groups = await client.containerGroups.list(production?.subscriptionId ?? '', signal);
    assert.equal(groups.length, 7);
    const orders = groups.find(({ name }) => name === 'orders-api');
    const group = await client.containerGroups.get(orders?.id ?? '', signal);
    assert.equal(group.containers.length, 3);
    const size = { columns: 99, rows: 33 };
    let output = '';
    const session = new ExecSession({
      pace: inputPace('Linux'),
      connectTimeoutMs: 30_000,
      keepAliveMs: 0,
      signal,
    });
    session.onData((data) => (output += data.toString()));
    session.onDidChangeState((state) => state === 'open' && session.write('stty size; exit\r'));
    const request = { groupId: group.id, container: 'api', command: '/bin/sh', size };
    await session.run(() => client.containers.executeCommand(request, signal));
    assert.match(output, /33 99/);
  }

  it('environment: a client secret', async () => {
    await expectEverything(await fromEnvironment({ AZURE_CLIENT_SECRET: emulator.credentials.clientSecret }));
  });

  it('environment: a client certificate', async () => {
    const file = path.join(folder, 'client.pem');
    await writeClientCertificate(file);
    await expectEverything(await fromEnvironment({ AZURE_CLIENT_CERTIFICATE_PATH: file }));
  });

  it('environment: says which variables are missing', async () => {
    await assert.rejects(
      environmentCredential(cloud(), { AZURE_TENANT_ID: 'x' }),
      (error) =>
        error instanceof AzureError &&
        error.problem.kind === 'credential' &&
        error.problem.detail === 'Not set: AZURE_CLIENT_ID, AZURE_CLIENT_SECRET',
    );
  });

  it('environment: a wrong secret is a credential problem, and the secret is not told', async () => {
    const client = new ResourceManagerClient(
      cloud(),
      await fromEnvironment({ AZURE_CLIENT_SECRET: 'wrong-secret' }),
    );
    await assert.rejects(
      client.subscriptions.list(signal),
      (error) =>
        error instanceof AzureError &&
        error.problem.kind === 'credential' &&
        !error.message.includes('wrong-secret'),
    );
  });

  it('azureCli: the account of az login', async () => {
    const signIn = await signInAzureCli(emulator);
    Object.assign(process.env, signIn.env);
    await expectEverything(await azureCliCredential());
    await rm(signIn.folder, { recursive: true });
  });

  it('default: a service principal in the environment, then the account of az login', async () => {
    const account = credentialAccount('default', cloud(), process.env);
    process.env['AZURE_CLIENT_SECRET'] = emulator.credentials.clientSecret;
    await expectEverything(await account.credential(undefined));
    const tokens = () => emulator.requests.filter(({ operation }) => operation === 'token').length;
    assert.equal(tokens(), 1);
    delete process.env['AZURE_CLIENT_SECRET'];
    delete process.env['AZURE_CLIENT_ID'];
    delete process.env['AZURE_TENANT_ID'];
    const signIn = await signInAzureCli(emulator);
    Object.assign(process.env, signIn.env);
    try {
      await expectEverything(await account.credential(undefined));
    } finally {
      await rm(signIn.folder, { recursive: true });
    }
  });

  it('default: says that it is the one that failed, and why', async () => {
    process.env['AZURE_CONFIG_DIR'] = folder; // the Azure CLI is not signed in there
    const account = credentialAccount('default', cloud(), process.env);
    const client = new ResourceManagerClient(cloud(), await account.credential(undefined));
    await assert.rejects(
      client.subscriptions.list(signal),
      (error) =>
        error instanceof AzureError &&
        error.problem.kind === 'credential' &&
        error.problem.credential === 'default' &&
        /none is set up/.test(error.problem.detail),
    );
  });

  it('azureCli: says in which tenant it is not signed in', async () => {
    process.env['AZURE_CONFIG_DIR'] = folder;
    const client = new ResourceManagerClient(cloud(), await azureCliCredential('fabrikam'));
    await assert.rejects(
      client.subscriptions.list(signal),
      (error) =>
        error instanceof AzureError &&
        error.problem.kind === 'credential' &&
        error.problem.credential === 'azureCli' &&
        error.problem.tenantId === 'fabrikam' &&
        /nobody is signed in/.test(error.problem.detail),
    );
  });

  it('a nextLink to another host is not followed', async () => {
    const { bearerToken } = emulator.credentials;
    const client = new ResourceManagerClient(
      { ...cloud(), resourceManagerEndpoint: emulator.endpoint.replace('127.0.0.1', 'localhost') },
      { getToken: () => Promise.resolve({ token: bearerToken, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    );
    // Asked as localhost, the emulator points to 127.0.0.1 for the next page.
    await assert.rejects(
      client.containerGroups.list('11111111-0001-4000-8000-000000000001', signal),
      /pointed to another host/,
    );
    assert.equal(emulator.requests.length, 1);
  });

  it('cancelling is no error of Azure', async () => {
    const controller = new AbortController();
    const { bearerToken } = emulator.credentials;
    emulator.addFault({ operation: 'subscriptions', kind: 'delay', ms: 60_000 });
    const client = new ResourceManagerClient(cloud(), {
      getToken: () => {
        controller.abort();
        return Promise.resolve({ token: bearerToken, expiresOnTimestamp: Date.now() + 3_600_000 });
      },
    });
    await assert.rejects(client.subscriptions.list(controller.signal), { name: 'AbortError' });
  });
});
