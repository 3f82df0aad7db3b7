import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEmulator } from '../emulator/emulator.ts';
import { azureSettings } from './azureSettings.ts';
import { desktopVsCode } from './programs.mjs';
import { startVsCodeServer } from './vscodeServer.ts';

const extensionDevelopmentPath = path.resolve(import.meta.dirname, '../..');

const { scenario } = parseArgs({ options: { scenario: { type: 'string' } } }).values;
const emulator = await startEmulator(scenario === undefined ? {} : { scenario });
const azure = azureSettings(emulator);
const code = desktopVsCode();
const stop = code === undefined ? await openServer() : await openDesktop(code);
console.log('Ctrl+C ends it.');
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stop().then(() => emulator.close()));
}

async function openServer(): Promise<() => Promise<void>> {
  const server = await startVsCodeServer({ extensionDevelopmentPath, ...azure });
  console.log(
    `\nVS Code on a simulated Azure: open\n\n  ${server.url()}\n\nand click the Container Instances icon.`,
  );
  return () => server.stop();
}

async function openDesktop(executable: string): Promise<() => Promise<void>> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'vsc-'));
  await mkdir(path.join(home, 'User'), { recursive: true });
  await writeFile(path.join(home, 'User/settings.json'), JSON.stringify(azure.settings));
  const args = [
    `--extensionDevelopmentPath=${extensionDevelopmentPath}`,
    '--user-data-dir',
    home,
    '--new-window',
  ];
  const child = spawn(executable, [...args, '--disable-extensions', '--wait'], {
    env: { ...process.env, ...azure.env },
    stdio: 'ignore',
  });
  console.log('\nVS Code opens on a simulated Azure: click the Container Instances icon.');
  return async () => {
    child.kill();
    await rm(home, { recursive: true, force: true });
  };
}
