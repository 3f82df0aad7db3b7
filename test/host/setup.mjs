// Installs what the demo or the tests need; runs on plain Node 20 before anything is installed.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromiumPath, desktopVsCode, onPath } from './programs.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const host = path.join(root, 'test/host/vscode');
const vscode = path.join(host, 'node_modules/code-server/lib/vscode');
const forTests = process.argv[2] === 'test';

await Promise.all([
  ...(forTests ? [installPrograms(missingPrograms())] : []),
  installPackages(),
  installHost(),
]);

/** The Debian packages of the programs that the tests drive and that are not there. */
function missingPrograms() {
  const chromium = ['chromium', 'fonts-dejavu-core', 'fonts-noto-cjk', 'fonts-noto-color-emoji'];
  return [
    ...(chromiumPath() === undefined ? chromium : []),
    ...(onPath('az') === undefined ? ['azure-cli'] : []),
    ...(onPath('busybox') === undefined ? ['busybox-static'] : []),
  ];
}

/**
 * Installs them, where `CI` says so; else names the command that does.
 * @param {string[]} missing
 */
async function installPrograms(missing) {
  if (missing.length === 0) {
    return;
  }
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const commands = [
    [...sudo, 'apt-get', 'update', '-qq'],
    [...sudo, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing],
  ];
  const wanted = !['', 'false', undefined].includes(process.env.CI);
  if (!wanted || onPath('apt-get') === undefined) {
    const line = commands.map((command) => command.join(' ')).join(' && ');
    console.error(
      `The tests need Chromium (or Chrome or Edge: CHROMIUM_PATH), the Azure CLI and busybox. On Debian:\n\n  ${line}\n\n` +
        'There, with CI=true in the environment, npm test runs this by itself.',
    );
    process.exit(1);
  }
  for (const [command = '', ...args] of commands) {
    await run(command, args, root);
  }
}

async function installPackages() {
  if (!isInstalled(root)) {
    await run('npm', ['ci', '--no-audit', '--no-fund'], root);
  }
}

/** Installs the VS Code that the tests draw, and that the demo opens where there is no other one. */
async function installHost() {
  if (!forTests && desktopVsCode() !== undefined) {
    return;
  }
  if (!isInstalled(host)) {
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], host);
  }
  if (!existsSync(hiddenLockFile(vscode))) {
    await run('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], vscode);
  }
}

/**
 * What npm writes last when it installs.
 * @param {string} folder
 */
function hiddenLockFile(folder) {
  return path.join(folder, 'node_modules/.package-lock.json');
}

/**
 * Whether the packages that the lock file names are there, but for the optional ones of other platforms.
 * @param {string} folder
 */
function isInstalled(folder) {
  if (!existsSync(hiddenLockFile(folder))) {
    return false;
  }
  const installed = packagesOf(hiddenLockFile(folder));
  return Object.entries(packagesOf(path.join(folder, 'package-lock.json'))).every(
    ([name, { version, optional }]) => name === '' || optional || installed[name]?.version === version,
  );
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/**
 * Runs a command quietly; shows what it printed when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
function run(command, args, cwd) {
  console.log(`> ${command} ${args.join(' ')}  (${path.relative(root, cwd) || '.'})`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, maxBuffer: Infinity }, (error, stdout, stderr) => {
      if (error !== null) {
        console.error(error.message, stdout, stderr);
        process.exit(1);
      }
      resolve(undefined);
    });
  });
}
