import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { accessSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import pty from 'node-pty';
import { startEmulator, type Emulator } from './emulator.ts';

const run = promisify(execFile);

/** The client of Azure that this project did not write: what it can do here, it can do with the service. */
describe('the real Azure CLI', { timeout: 120_000 }, () => {
  let azure: Emulator;
  let folder: string;
  let env: Record<string, string>;

  /** Runs `az` and reads its JSON. */
  async function az(...args: readonly string[]): Promise<unknown> {
    const { stdout } = await run('az', [...args, '--output', 'json'], { env });
    return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as unknown);
  }

  before(async () => {
    assert.ok(isInstalled('az'), 'the Azure CLI is not installed: apt-get install azure-cli');
    azure = await startEmulator();
    folder = await mkdtemp(path.join(os.tmpdir(), 'az-'));
    env = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      AZURE_CONFIG_DIR: folder,
      AZURE_CORE_COLLECT_TELEMETRY: 'no',
      AZURE_CORE_SURVEY_MESSAGE: 'no',
      // One for the CLI's HTTP client, one for its websocket.
      REQUESTS_CA_BUNDLE: azure.caPath,
      SSL_CERT_FILE: azure.caPath,
      NO_PROXY: '127.0.0.1',
    };
    const { endpoint, credentials } = azure;
    await az(
      ...['cloud', 'register', '--name', 'Simulated'],
      ...['--endpoint-resource-manager', endpoint, '--endpoint-management', endpoint],
      ...['--endpoint-active-directory', `${endpoint}/adfs`],
      ...['--endpoint-active-directory-resource-id', `${endpoint}/`],
      ...['--endpoint-active-directory-graph-resource-id', `${endpoint}/`],
    );
    await az('cloud', 'set', '--name', 'Simulated');
    await az(
      ...['login', '--service-principal', '--tenant', 'adfs'],
      ...['--username', credentials.clientId, '--password', credentials.clientSecret],
    );
  });

  after(async () => {
    await azure.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('trusts the certificate by the strict rules of Python 3.13 too', async () => {
    const { hostname, port } = new URL(azure.endpoint);
    const script = `
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[1])
context.verify_flags |= ssl.VERIFY_X509_STRICT
context.wrap_socket(socket.create_connection((sys.argv[2], int(sys.argv[3]))), server_hostname=sys.argv[2])`;
    await run('python3', ['-c', script, azure.caPath, hostname, port], { env });
  });

  it('signs in and lists the subscriptions', async () => {
    assert.deepEqual(await az('account', 'list', '--query', 'sort([].name)'), [
      'Contoso Development',
      'Contoso Production',
    ]);
  });

  it('lists container groups, and shows one with its state', async () => {
    const names = await az('container', 'list', '--query', 'sort([].name)');
    assert.ok(Array.isArray(names) && names.includes('shop-web') && names.includes('orders-api'));
    const shown = await az(
      ...['container', 'show', '--resource-group', 'rg-orders', '--name', 'orders-api'],
      ...['--query', '{group: instanceView.state, inits: length(initContainers), names: containers[].name}'],
    );
    assert.deepEqual(shown, { group: 'Running', inits: 1, names: ['api', 'envoy', 'log-shipper'] });
  });

  it('reads a log', async () => {
    const args = ['container', 'logs', '--resource-group', 'rg-jobs', '--name', 'nightly-report'];
    const { stdout } = await run('az', args, { env });
    assert.match(stdout, /^Report for .*\nDone\.\n/);
  });

  it('stops and starts a group', async () => {
    // Waiting for the start takes the CLI its default of 30 seconds between polls, so it does not wait.
    const group = [
      '--resource-group',
      'rg-dev-anna',
      '--name',
      'cache',
      '--subscription',
      'Contoso Development',
    ];
    await az('container', 'stop', ...group);
    assert.equal(await az('container', 'show', ...group, '--query', 'instanceView.state'), 'Stopped');
    await az('container', 'start', '--no-wait', ...group);
    const { operation, status } = azure.requests.at(-1) ?? {};
    assert.deepEqual({ operation, status }, { operation: 'start', status: 202 });
  });

  it('runs a shell: keys go in, output comes back, exit ends it', async () => {
    const args = ['container', 'exec', '--resource-group', 'rg-shop', '--name', 'shop-web'];
    const cli = pty.spawn('az', [...args, '--exec-command', '/bin/sh'], { cols: 101, rows: 37, env });
    const exited = new Promise<number>((resolve) => cli.onExit(({ exitCode }) => resolve(exitCode)));
    let output = '';
    const seen = (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const check = () => {
          if (pattern.test(output)) {
            listener.dispose();
            resolve();
          }
        };
        const listener = cli.onData(check);
        void exited.then(() => reject(new Error(`az ended without ${String(pattern)}: ${output}`)));
        check();
      });
    cli.onData((data) => (output += data));
    await seen(/# /);
    cli.write('echo sum:$((40+2)); stty size; echo grüße 你好\r');
    await seen(/sum:42\r\n37 101\r\ngrüße 你好\r\n/);
    cli.write('exit\r');
    assert.equal(await exited, 0);
  });
});

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((dir) => {
    try {
      accessSync(path.join(dir, program));
      return true;
    } catch {
      return false; // accessSync tells "no" by throwing
    }
  });
}
