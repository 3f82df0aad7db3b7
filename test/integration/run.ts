import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { startEmulator, type Emulator } from '../emulator/emulator.ts';
import { defaultScenario, readScenario, type ScenarioGroup } from '../emulator/scenario.ts';
import { azureSettings } from '../host/azureSettings.ts';
import { startProxy } from './proxy.ts';

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
const scenario = readScenario(defaultScenario);
const subscriptions = scenario.subscriptions.map((subscription, index) =>
  index === 1 ? { ...subscription, groups: [...subscription.groups, withoutStty] } : subscription,
);
const world = { ...scenario, subscriptions };

/** Runs a suite of tests inside VS Code, against a simulated Azure. */
async function runSuite(
  suite: 'main' | 'proxy',
  emulator: Emulator,
  more: Readonly<Record<string, unknown>>,
) {
  const { settings, env } = azureSettings(emulator);
  const written = JSON.stringify({ ...settings, ...more });
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
      ? { launchArgs: ['--disable-extensions', `--user-data-dir=${path.join(root, 'dist/test/user')}`] }
      : { vscodeExecutablePath: path.join(root, 'test/host/launcher.ts') }),
    extensionDevelopmentPath: root,
    extensionTestsPath,
    extensionTestsEnv: { ...env, VSCODE_TEST_SETTINGS: settingsFile, ACI_TEST_SUITE: suite },
  });
}

const emulator = await startEmulator({ scenario: world });
const proxied = await startEmulator({ scenario: world, domain: 'azure.test' });
const proxy = await startProxy();
try {
  await runSuite('main', emulator, {});
  await runSuite('proxy', proxied, { 'http.proxy': proxy.url });
  // The names are known to the proxy only; it tells which ways were taken.
  assert.deepEqual([...new Set(proxy.allowed)].toSorted(), ['exec.azure.test', 'management.azure.test']);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  proxy.close();
  await Promise.all([emulator.close(), proxied.close()]);
  await rm(programs, { recursive: true });
}
