// Installs what the demo or the tests need; runs on plain Node 20 before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromiumPath, onPath } from './programs.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const host = path.join(root, 'test/host/vscode');
const vscode = path.join(host, 'node_modules/code-server/lib/vscode');
const forTests = process.argv[2] === 'test';

installPackages(root, ['ci', '--no-audit', '--no-fund']);
if (process.env.VSCODE_TEST_HOST !== 'desktop' && (forTests || onPath('code') === undefined)) {
  if (installPackages(host, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])) {
    npm(vscode, ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund']);
  }
  if (forTests && chromiumPath() === undefined) {
    installDebian(['chromium', 'fonts-dejavu-core', 'fonts-noto-cjk', 'fonts-noto-color-emoji']);
  }
}
if (forTests && onPath('az') === undefined) {
  installDebian(['azure-cli']);
}

/**
 * `npm ci`, unless the folder has what its lock file says.
 * @param {string} folder
 * @param {string[]} args
 * @returns {boolean} whether it installed anything
 */
function installPackages(folder, args) {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(folder, 'node_modules/.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) {
    return false;
  }
  npm(folder, args);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
  return true;
}

/**
 * @param {string} folder
 * @param {string[]} args
 */
function npm(folder, args) {
  run('npm', args, folder);
}

/** @param {string[]} packages */
function installDebian(packages) {
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  if (process.getuid?.() !== 0 || onPath('apt-get') === undefined) {
    console.error(
      `Missing: ${packages[0]}. Install it, on Debian with:\n  sudo apt-get ${install.join(' ')}`,
    );
    process.exit(1);
  }
  run('apt-get', ['update', '-qq'], root);
  run('apt-get', install, root);
}

/**
 * Runs a command quietly; shows what it printed when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
function run(command, args, cwd) {
  console.log(`> ${command} ${args.join(' ')}  (${path.relative(root, cwd) || '.'})`);
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) {
    console.error(stdout, stderr);
    process.exit(status ?? 1);
  }
}
