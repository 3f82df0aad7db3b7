import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Emulator } from './emulator.ts';

const run = promisify(execFile);

/** A private sign-in of the Azure CLI: the environment that it works in, and the folder to remove at the end. */
export interface AzureCliSignIn {
  readonly folder: string;
  readonly env: Record<string, string>;
}

/**
 * Signs the Azure CLI in to an emulator with its service principal.
 * @throws {Error} that says how to install the CLI when it is missing.
 */
export async function signInAzureCli({ endpoint, caPath, credentials }: Emulator): Promise<AzureCliSignIn> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'az-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    AZURE_CONFIG_DIR: folder,
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    AZURE_CORE_SURVEY_MESSAGE: 'no',
    // One for the CLI's HTTP client, one for its websocket.
    REQUESTS_CA_BUNDLE: caPath,
    SSL_CERT_FILE: caPath,
    NO_PROXY: '127.0.0.1',
  };
  const az = async (...args: readonly string[]) => {
    try {
      await run('az', args, { env });
    } catch (error) {
      throw error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? new Error('the Azure CLI is not installed: sudo apt-get install azure-cli', { cause: error })
        : error;
    }
  };
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
  return { folder, env };
}
