import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findExecutable } from './executables.ts';

/** What an image has in it. */
interface Contents {
  /** What `/bin/sh` is; none without it. */
  readonly shell?: 'dash' | 'bash' | 'busybox';
  /** Programs of this machine, by name, each with its libraries. */
  readonly programs: readonly string[];
}

const coreutils = [
  ...['cat', 'tee', 'head', 'tail', 'od', 'base64', 'cksum', 'sha256sum', 'md5sum', 'wc', 'dd', 'sort', 'tr'],
  ...[
    'ls',
    'stat',
    'mkdir',
    'rmdir',
    'mv',
    'cp',
    'rm',
    'ln',
    'chmod',
    'chown',
    'touch',
    'mktemp',
    'readlink',
  ],
  ...[
    'stty',
    'tty',
    'env',
    'id',
    'sleep',
    'seq',
    'true',
    'false',
    'yes',
    'pwd',
    'date',
    'timeout',
    'nohup',
    'printf',
  ],
];
const debian = [...coreutils, 'setsid', 'tar', 'gzip', 'grep', 'sed', 'find', 'bash'];
const without = (...names: readonly string[]) => debian.filter((name) => !names.includes(name));

const images = {
  /** One busybox under all its names. */
  alpine: { shell: 'busybox', programs: [] },
  debian: { shell: 'dash', programs: debian },
  bash: { shell: 'bash', programs: debian },
  noStty: { shell: 'dash', programs: without('stty') },
  noBase64: { shell: 'dash', programs: without('base64') },
  noChecksum: { shell: 'dash', programs: without('cksum', 'sha256sum', 'md5sum') },
  noStat: { shell: 'dash', programs: without('stat') },
  noTar: { shell: 'dash', programs: without('tar') },
  noSetsid: { shell: 'dash', programs: without('setsid') },
  onlyShell: { shell: 'dash', programs: [] },
  noShell: { programs: ['sleep'] },
  noBash: { shell: 'dash', programs: without('bash') },
  perl: { shell: 'dash', programs: [...debian, 'perl'] },
  python: { shell: 'dash', programs: [...debian, 'python3'] },
  socat: { shell: 'dash', programs: [...without('bash'), 'socat'] },
} as const satisfies Readonly<Record<string, Contents>>;

/** An image whose containers have a file system of their own. */
export type RootImage = keyof typeof images;

/** Fills a folder with the file system of an image. */
export function fillRoot(root: string, image: RootImage): void {
  const { programs, shell }: Contents = images[image];
  for (const folder of ['bin', 'dev', 'proc', 'etc', 'root', 'tmp', 'usr']) {
    mkdirSync(path.join(root, folder));
  }
  symlinkSync('../bin', path.join(root, 'usr/bin'));
  writeFileSync(path.join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  const bin = (name: string) => path.join(root, 'bin', name);
  if (shell === 'busybox') {
    copyProgram('busybox', root);
    const applets = execFileSync(required('busybox'), ['--list'], { encoding: 'utf8' }).trim().split('\n');
    applets.filter((name) => name !== 'busybox').forEach((name) => linkSync(bin('busybox'), bin(name)));
  } else if (shell !== undefined) {
    copyProgram(shell, root);
    linkSync(bin(shell), bin('sh'));
  }
  programs.filter((name) => name !== shell).forEach((name) => copyProgram(name, root));
}

/** Copies a program and the libraries that the loader would find for it, of an interpreter those for sockets too. */
function copyProgram(name: string, root: string): void {
  const file = required(name);
  copyFileSync(realpathSync(file), path.join(root, 'bin', name));
  for (const library of [...librariesOf(file), ...modulesOf(name, file)]) {
    const copy = path.join(root, library);
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(realpathSync(library), copy);
  }
}

/** Programs that print which files an interpreter needs for sockets. */
const modulePrinters: Readonly<Record<string, readonly string[]>> = {
  perl: ['-MSocket', '-e', 'print "$_\\n" for values %INC, @DynaLoader::dl_shared_objects'],
  python3: [
    '-ISc',
    'import socket,sys,threading;[print(m.__file__) for m in [*sys.modules.values()] if getattr(m,"__file__",0)]',
  ],
};

function modulesOf(name: string, file: string): readonly string[] {
  const printer = modulePrinters[name];
  return printer === undefined
    ? []
    : execFileSync(file, printer, { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.startsWith('/'));
}

const knownLibraries = new Map<string, readonly string[]>();

function librariesOf(file: string): readonly string[] {
  const known = knownLibraries.get(file);
  if (known !== undefined) {
    return known;
  }
  const libraries = listLibraries(file).matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm);
  const found = [...libraries].map(([, library = '']) => library);
  knownLibraries.set(file, found);
  return found;
}

function listLibraries(file: string): string {
  try {
    return execFileSync('ldd', [file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return ''; // ldd fails for a program that needs none
  }
}

function required(name: string): string {
  const file = findExecutable(name);
  if (file === undefined) {
    throw new Error(`a container of the scenario needs ${name}, which is not on this machine`);
  }
  return file;
}

/**
 * The command that enters a root folder, as the container's root and with this machine's devices and processes; it takes
 * a command of the container. Its mounts are seen by nobody else and end with it.
 */
export function enterRoot(root: string): readonly string[] {
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const enter = 'mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" && exec chroot "$0" "$@"';
  return [required('unshare'), ...asRoot, '--mount', '/bin/sh', '-c', enter, root];
}
