import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { startEmulator } from '../emulator/emulator.ts';
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

const emulator = await startEmulator();
try {
  const { settings, env } = azureSettings(emulator);
  const settingsFile = path.join(root, 'dist/test/settings.json');
  await writeFile(settingsFile, JSON.stringify(settings));
  const desktop = process.env['VSCODE_TEST_HOST'] === 'desktop';
  if (desktop) {
    const userSettings = path.join(root, 'dist/test/user/User/settings.json');
    const { mkdir } = await import('node:fs/promises');
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
}
