import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { extensionHosts } from './extensionHosts.ts';

const serverMain = path.join(
  import.meta.dirname,
  'vscode/node_modules/code-server/lib/vscode/out/server-main.js',
);

export interface VsCodeServerOptions {
  /** The folder of the extension as it is developed; without it there is only what is installed. */
  readonly extensionDevelopmentPath?: string;
  /** The module whose `run()` the extension host calls; without it the workbench is for a person or a UI test. */
  readonly extensionTestsPath?: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Added to this process's environment; it reaches the extension host. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of an extension to install. */
  readonly installedExtension?: string;
  /** A VSIX to install as a user does. */
  readonly vsix?: string;
  /** Whether folders are not trusted (Restricted Mode). */
  readonly isRestricted?: boolean;
}

export interface VsCodeServer {
  /** The address at which a browser shows the workbench, with a folder, a workspace's file or neither. */
  url(place?: string): string;
  /** Changes settings while it runs, as a person does in `settings.json`. */
  configure(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** All that it has written so far, logs and state among it, by the files' paths. */
  written(): Promise<ReadonlyMap<string, string>>;
  /** Ends what workbenches have left, extensions at work and texts that were not saved among it; none may be open. */
  forget(): Promise<void>;
  stop(): Promise<void>;
}

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  // Else it looks through the open files of all processes, over and over.
  'remote.autoForwardPorts': false,
  'remote.autoForwardPortsSource': 'output',
  'security.workspace.trust.enabled': false,
  'window.confirmBeforeClose': 'never',
};

const restricted = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};

/** Starts VS Code on 127.0.0.1 with a connection token, and waits until it listens. */
export async function startVsCodeServer(options: VsCodeServerOptions): Promise<VsCodeServer> {
  const { isRestricted = false } = options;
  // Socket paths below it are limited to about 100 characters.
  const home = await mkdtemp(path.join(os.tmpdir(), 'vsc-'));
  await mkdir(path.join(home, 'd/Machine'), { recursive: true });
  await mkdir(path.join(home, 'd/User'), { recursive: true });
  // VS Code takes a setting from one of the two, after its scope: `http.proxy` is a user's, an Azure credential a machine's.
  const configure = async (more: Readonly<Record<string, unknown>>) => {
    const settings = JSON.stringify({
      ...quiet,
      ...(isRestricted ? restricted : {}),
      ...options.settings,
      ...more,
    });
    await writeFile(path.join(home, 'd/Machine/settings.json'), settings);
    await writeFile(path.join(home, 'd/User/settings.json'), settings);
  };
  await configure({});
  if (options.installedExtension !== undefined) {
    await cp(options.installedExtension, path.join(home, 'e/installed'), { recursive: true });
  }
  const folders = [
    ...['--user-data-dir', path.join(home, 'd'), '--extensions-dir', path.join(home, 'e')],
    ...['--server-data-dir', path.join(home, 's')],
  ];
  if (options.vsix !== undefined) {
    await promisify(execFile)(process.execPath, [
      serverMain,
      ...['--install-extension', options.vsix, ...folders, '--accept-server-license-terms'],
    ]);
  }
  const token = randomUUID();
  const server = spawn(
    process.execPath,
    [
      serverMain,
      ...['--host', '127.0.0.1', '--port', '0', '--connection-token', token],
      ...[...folders, '--telemetry-level', 'off'],
      ...['--accept-server-license-terms', '--enable-smoke-test-driver'],
      ...(isRestricted ? [] : ['--disable-workspace-trust']),
    ],
    // No gallery: a test or demo asks nobody outside.
    {
      env: { ...process.env, EXTENSIONS_GALLERY: '{}', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null && server.pid !== undefined) {
      const exited = new Promise((resolve) => server.once('exit', resolve));
      process.kill(-server.pid, 'SIGKILL'); // the whole group: the extension host is a child of its own
      await exited;
    }
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const port = await listeningPort(server);
    const url = (place?: string) => workbenchUrl(port, token, place, options);
    const forget = async () => {
      endExtensionHosts(server.pid);
      await rm(path.join(home, 'd/User/Backups'), { recursive: true, force: true });
    };
    return { url, configure, written: () => readFiles(home), forget, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A server keeps the extensions of a window that is gone for hours, in case that it comes back. */
function endExtensionHosts(server: number | undefined): void {
  for (const { pid } of extensionHosts().filter(({ parent }) => parent === server)) {
    killIfThere(pid);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) {
      throw error;
    }
  }
}

/** The texts of all files below a folder. One that goes while they are read is left out. */
async function readFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    return [file, await readFile(file, 'utf8').catch(() => '')] as const;
  });
  return new Map(await Promise.all(texts));
}

/** Reads the port from the line "Extension host agent listening on PORT". */
function listeningPort(server: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const port = /agent listening on (\d+)/.exec(output)?.[1];
      if (port !== undefined) {
        resolve(Number(port));
      }
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('error', reject);
    server.once('exit', (code) => {
      reject(new Error(`VS Code ended with ${code ?? 'a signal'} before it listened:\n${output}`));
    });
  });
}

function workbenchUrl(
  port: number,
  token: string,
  place: string | undefined,
  options: VsCodeServerOptions,
): string {
  const remote = (file: string) => `vscode-remote://127.0.0.1:${port}${path.resolve(file)}`;
  const payload = [
    ...(options.extensionDevelopmentPath === undefined
      ? []
      : [['extensionDevelopmentPath', remote(options.extensionDevelopmentPath)]]),
    ...(options.extensionTestsPath === undefined
      ? []
      : [['extensionTestsPath', remote(options.extensionTestsPath)]]),
  ];
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set('tkn', token);
  if (place === undefined) {
    url.searchParams.set('ew', 'true');
  } else {
    url.searchParams.set(place.endsWith('.code-workspace') ? 'workspace' : 'folder', place);
  }
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}
