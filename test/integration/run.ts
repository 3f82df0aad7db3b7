import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { startEmulator } from '../emulator/emulator.ts';
import { defaultScenario, readScenario, type ScenarioGroup } from '../emulator/scenario.ts';
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
const scenario = readScenario(defaultScenario);
const subscriptions = scenario.subscriptions.map((subscription, index) =>
  index === 1 ? { ...subscription, groups: [...subscription.groups, withoutStty] } : subscription,
);
const emulator = await startEmulator({ scenario: { ...scenario, subscriptions } });
try {
  const { settings, env } = azureSettings(emulator);
  const settingsFile = path.join(root, 'dist/test/settings.json');
  await writeFile(settingsFile, JSON.stringify(settings));
  const desktop = process.env['VSCODE_TEST_HOST'] === 'desktop';
  if (desktop) {
    const userSettings = path.join(root, 'dist/test/user/User/settings.json');
    await mkdir(path.dirname(userSettings), { recursive: true });
    await writeFile(userSettings, JSON.stringify(settings));
  }
  await runTests({
    ...(desktop
      ? { launchArgs: ['--disable-extensions', `--user-data-dir=${path.join(root, 'dist/test/user')}`] }
      : { vscodeExecutablePath: path.join(root, 'test/host/launcher.ts') }),
    extensionDevelopmentPath: root,
    extensionTestsPath,
    extensionTestsEnv: { ...env, VSCODE_TEST_SETTINGS: settingsFile },
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await emulator.close();
  await rm(programs, { recursive: true });
}
