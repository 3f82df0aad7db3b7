import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import pty from 'node-pty';
import { signInAzureCli } from './azureCli.ts';
import { startEmulator, type Emulator } from './emulator.ts';

const run = promisify(execFile);

/** The client of Azure that this project did not write: what it can do here, it can do with the service. */
describe('the real Azure CLI', { timeout: 600_000 }, () => {
  let azure: Emulator;
  let folder: string;
  let env: Record<string, string>;

  /** Runs `az` and reads its JSON. */
  async function az(...args: readonly string[]): Promise<unknown> {
    const { stdout } = await run('az', [...args, '--output', 'json'], { env });
    return stdout.trim() === '' ? undefined : (JSON.parse(stdout) as unknown);
  }

  before(async () => {
    azure = await startEmulator();
    ({ folder, env } = await signInAzureCli(azure));
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
