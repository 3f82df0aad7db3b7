import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { defaultScenario, readScenario, type ScenarioGroup } from '../emulator/scenario.ts';
import manifest from '../../package.json' with { type: 'json' };
import { azureSettings } from '../host/azureSettings.ts';

const root = path.resolve(import.meta.dirname, '../..');
const extensionTestsPath = path.join(root, 'dist/test/integration.cjs');

await build({
  entryPoints: [path.join(import.meta.dirname, 'index.ts')],
  outfile: extensionTestsPath,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  external: ['vscode', 'mocha'],
  sourcemap: 'inline',
});

/** A container whose image has a shell and `cat`, but no `stty`. */
const programs = await mkdtemp(path.join(os.tmpdir(), 'programs-'));
for (const name of ['sh', 'cat']) {
  await symlink(`/bin/${name}`, path.join(programs, name));
}
const withoutStty: ScenarioGroup = {
  name: 'no-stty',
  resourceGroup: 'rg-dev',
  location: 'westeurope',
  containers: [
    { name: 'no-stty', image: 'small:1', environmentVariables: [{ name: 'PATH', value: programs }] },
  ],
};
/** The only container of its world, with a file system of its own. */
const withFiles: ScenarioGroup = {
  name: 'files',
  resourceGroup: 'rg-dev',
  location: 'westeurope',
  containers: [{ name: 'files', image: 'files:1', root: 'debian' }],
};
const scenario = readScenario(defaultScenario);
const subscriptions = scenario.subscriptions.map((subscription, index) =>
  index === 1 ? { ...subscription, groups: [...subscription.groups, withoutStty] } : subscription,
);
const world = { ...scenario, subscriptions };
const smallWorld = {
  ...scenario,
  subscriptions: subscriptions.slice(1, 2).map((subscription) => ({ ...subscription, groups: [withFiles] })),
};

/** Runs a suite of tests inside VS Code, against a simulated Azure. */
async function runSuite(suite: 'main' | 'proxy' | 'oneContainer', emulator: Emulator) {
  const { settings, env } = azureSettings(emulator);
  // OpenSSL's own variable makes the authority one of the system's, for these processes only.
  const system = { NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: env.NODE_EXTRA_CA_CERTS };
  const certificates = suite === 'oneContainer' ? system : {};
  const written = JSON.stringify({ ...settings, 'http.systemCertificatesNode': true });
  const settingsFile = path.join(root, 'dist/test/settings.json');
  await writeFile(settingsFile, written);
  const desktop = process.env['VSCODE_TEST_HOST'] === 'desktop';
  if (desktop) {
    const userSettings = path.join(root, 'dist/test/user/User/settings.json');
    await mkdir(path.dirname(userSettings), { recursive: true });
    await writeFile(userSettings, written);
  }
  await runTests({
    ...(desktop
      ? {
          ...desktopVersion(),
          launchArgs: ['--disable-extensions', `--user-data-dir=${path.join(root, 'dist/test/user')}`],
        }
      : { vscodeExecutablePath: path.join(root, 'test/host/launcher.ts') }),
    extensionDevelopmentPath: root,
    extensionTestsPath,
    extensionTestsEnv: { ...env, ...certificates, VSCODE_TEST_SETTINGS: settingsFile, ACI_TEST_SUITE: suite },
  });
}

/** The desktop VS Code to download: `stable`, `insiders`, a version, or `oldest`, the oldest that the manifest allows. */
function desktopVersion(): { readonly version?: string } {
  const version = process.env['VSCODE_TEST_VERSION'];
  return version === undefined
    ? {}
    : { version: version === 'oldest' ? manifest.engines.vscode.replace('^', '') : version };
}

const emulator = await startEmulator({ scenario: world });
const proxied = await startEmulator({ scenario: world, domain: 'azure.test' });
const small = await startEmulator({ scenario: smallWorld });
try {
  await runSuite('main', emulator);
  await runSuite('proxy', proxied);
  await runSuite('oneContainer', small);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await Promise.all([emulator, proxied, small].map((each) => each.close()));
  await rm(programs, { recursive: true });
}
