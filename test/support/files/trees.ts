import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Names that are hard for shells, terminals and archives, and that every file system here takes. */
const hardNames = [
  ...[
    'a b',
    "it's",
    '"q"',
    '-rf',
    '--',
    '*',
    '$(id)',
    '`id`',
    '\\n',
    '\n',
    'end\n',
    '\x1b[31m',
    '日本語',
    '😀',
    '.dot',
  ],
  ...['x'.repeat(200), `${'y'.repeat(150)}é`],
];

/** Makes a folder of files that are hard to transfer; resolves to how many bytes they are. */
export function makeTree(root: string, large = 300_000): void {
  fs.mkdirSync(root);
  for (const [index, name] of hardNames.entries()) {
    fs.writeFileSync(path.join(root, name), index % 3 === 0 ? '' : randomBytes(index * 700), {
      mode: 0o600 + index,
    });
  }
  const deep = path.join(
    root,
    ...Array.from({ length: 6 }, (_, depth) => `folder ${depth} ${'z'.repeat(40)}`),
  );
  fs.mkdirSync(deep, { recursive: true });
  fs.writeFileSync(path.join(deep, 'large'), randomBytes(large));
  fs.writeFileSync(path.join(deep, 'program'), '#!/bin/sh\n', { mode: 0o755 });
  fs.chmodSync(path.join(deep, 'program'), 0o755);
  fs.mkdirSync(path.join(root, 'empty'));
  fs.utimesSync(path.join(deep, 'large'), 1_500_000_000, 1_500_000_000);
  fs.utimesSync(path.join(root, 'empty'), 1_400_000_000, 1_400_000_000);
}

/** Adds links, which not every way of a transfer keeps. */
export function addLinks(root: string): void {
  fs.symlinkSync('a b', path.join(root, 'link'));
  fs.symlinkSync('empty', path.join(root, 'link to folder'));
  fs.linkSync(path.join(root, '日本語'), path.join(root, 'second name'));
}

/** All that makes two trees equal: names, types, modes, times in seconds, contents and links. */
export function treeOf(root: string): readonly string[] {
  const lines: string[] = [];
  const look = (folder: string): void => {
    for (const name of fs.readdirSync(folder).toSorted()) {
      const at = path.join(folder, name);
      const stat = fs.lstatSync(at);
      const what = stat.isDirectory()
        ? 'folder'
        : stat.isSymbolicLink()
          ? `-> ${fs.readlinkSync(at)}`
          : createHash('sha256').update(fs.readFileSync(at)).digest('hex');
      const time = stat.isSymbolicLink() ? '' : String(Math.floor(stat.mtimeMs / 1000));
      const mode = stat.isSymbolicLink() ? '' : (stat.mode & 0o777).toString(8);
      lines.push(JSON.stringify([path.relative(root, at), mode, time, what]));
      if (stat.isDirectory()) {
        look(at);
      }
    }
  };
  look(root);
  return lines;
}
