import { chmod, mkdir, rename, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { checksumOf } from '../exec/remoteShell/checksum.ts';
import type { FileStat } from './entries.ts';
import { FileError } from './errors.ts';
import { extractTar, isSafeName, type Skipped } from './extractTar.ts';
import { contentOf, sinkOf, withFile } from './localFiles.ts';
import { childOf, nameOf } from './paths.ts';
import { readBlocks, type TransferOptions } from './readBlocks.ts';
import type { RemoteFiles } from './remoteFiles.ts';
import { fileSource, folderSource } from './remoteSource.ts';
import { temporaryName } from './writeFile.ts';

/** How a download ended. */
export interface Downloaded {
  /** How much came, in bytes. */
  readonly bytes: number;
  /** What is not in it: what could not be read, or would have been written elsewhere. */
  readonly skipped: Readonly<Skipped>;
}

const nothingSkipped: Skipped = { count: 0, first: undefined };

/**
 * Downloads a file, or a folder with all that is in it, to `target`, a path of this side. What is not whole has another
 * name, beside it, and goes away when the download fails. A file that is there is replaced, a folder is not.
 */
export async function download(
  files: RemoteFiles,
  remotePath: string,
  target: string,
  options: TransferOptions,
): Promise<Downloaded> {
  if (remotePath === '/') {
    throw new FileError('other', remotePath, 'choose a folder of it');
  }
  const stat = await files.stat(remotePath, options.signal);
  const temporary = path.join(path.dirname(target), temporaryName());
  try {
    return stat.type === 'folder'
      ? await downloadFolder(files, remotePath, temporary, target, options)
      : await downloadFile(files, remotePath, stat, temporary, target, options);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function downloadFile(
  files: RemoteFiles,
  remotePath: string,
  before: FileStat,
  temporary: string,
  target: string,
  options: TransferOptions,
): Promise<Downloaded> {
  const source = fileSource(remotePath, await files.tools(options.signal));
  const { length, blocks } = await withFile(temporary, 'wx', (file) =>
    readBlocks(files, source, sinkOf(file), options),
  );
  if (blocks > 1) {
    const after = await files.stat(remotePath, options.signal);
    const onlyGrew = after.size > before.size && length >= before.size;
    if ((after.mtimeMs !== before.mtimeMs || after.size !== before.size) && !onlyGrew) {
      throw new FileError('changed', remotePath);
    }
  }
  await utimes(temporary, before.mtimeMs / 1000, before.mtimeMs / 1000);
  await chmod(temporary, (before.mode ?? 0o644) & 0o777);
  await rename(temporary, target);
  return { bytes: length, skipped: nothingSkipped };
}

async function downloadFolder(
  files: RemoteFiles,
  remotePath: string,
  temporary: string,
  target: string,
  options: TransferOptions,
): Promise<Downloaded> {
  const { signal } = options;
  const tools = await files.tools(signal);
  await mkdir(temporary, { mode: 0o700 });
  const root = path.join(temporary, 'folder');
  await mkdir(root);
  const result = tools.has('tar')
    ? await downloadArchive(files, remotePath, path.join(temporary, 'archive'), root, options)
    : await downloadEach(files, remotePath, root, options);
  await rename(root, target);
  return result;
}

/** One stream: `tar` makes an archive in the container, which is unpacked once all of it is known to be right. */
async function downloadArchive(
  files: RemoteFiles,
  remotePath: string,
  archive: string,
  root: string,
  options: TransferOptions,
): Promise<Downloaded> {
  const { signal } = options;
  const source = folderSource(remotePath, await files.tools(signal));
  return withFile(archive, 'wx+', async (file) => {
    const { length, blocks, complaints } = await readBlocks(files, source, sinkOf(file), options);
    if (blocks > 1) {
      const sum = checksumOf('cksum');
      for await (const part of contentOf(file, length).read(0, length)) {
        sum.update(part);
      }
      const whole = `${source.slice(0, Number.MAX_SAFE_INTEGER)}|cksum`;
      const { exitCode, text } = await files.engine.script(whole, {
        signal,
        isRepeatable: true,
        limitMs: 600_000,
      });
      if (exitCode === 0 && text.length > 0 && text.toString().split(' ', 1)[0] !== sum.digest()) {
        throw new FileError('changed', remotePath);
      }
    }
    const skipped = await extractTar(file, nameOf(remotePath) || '.', root, signal);
    const unread = complaints.split('\n').filter((line) => /cannot|can't|permission/i.test(line));
    return {
      bytes: length,
      skipped: {
        count: skipped.count + unread.length,
        first: skipped.first ?? unread[0],
      },
    };
  });
}

/** Deeper folders than these are none that anybody made. */
const maxDepth = 100;

/** Without `tar`: one file after the other. Links are left out. */
async function downloadEach(
  files: RemoteFiles,
  remotePath: string,
  root: string,
  { signal, onProgress }: TransferOptions,
): Promise<Downloaded> {
  const skipped: Skipped = { count: 0, first: undefined };
  let bytes = 0;
  const skip = (at: string) => {
    skipped.count++;
    skipped.first ??= at;
  };
  const take = async (from: string, to: string, depth: number): Promise<void> => {
    for (const entry of await files.list(from, signal)) {
      const at = childOf(from, entry.name);
      const place = path.join(to, entry.name);
      if (entry.isLink || !isSafeName(entry.name) || depth > maxDepth || entry.type === 'other') {
        skip(at);
      } else if (entry.type === 'folder') {
        await mkdir(place);
        await take(at, place, depth + 1);
      } else {
        const before = bytes;
        const progress = (got: number) => onProgress?.(before + got);
        bytes += (await download(files, at, place, { signal, onProgress: progress })).bytes;
      }
    }
  };
  await take(remotePath, root, 0);
  return { bytes, skipped };
}
