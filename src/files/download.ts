import { chmod, mkdir, rename, rm, utimes, writeFile as writeLocal } from 'node:fs/promises';
import path from 'node:path';
import { checksumOf } from '../exec/remoteShell/checksum.ts';
import { batchesOf, together } from './batches.ts';
import type { FileStat } from './entries.ts';
import { FileError } from './errors.ts';
import { extractTar, isSafeName, type Skipped } from './extractTar.ts';
import { contentOf, sinkOf, withFile } from './localFiles.ts';
import { childOf, quotePath } from './paths.ts';
import { readBlocks, type TransferOptions } from './readBlocks.ts';
import type { RemoteFiles } from './remoteFiles.ts';
import { fileSource, folderSource } from './remoteSource.ts';
import { TarDamaged } from './tar.ts';
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
    throw new FileError('isRoot', remotePath);
  }
  const stat = await files.stat(remotePath, options.signal);
  if (stat.type === 'file') {
    options.onSize?.(stat.size);
  }
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
  const { signal, onSize } = options;
  const tools = await files.tools(signal);
  await mkdir(temporary, { mode: 0o700 });
  const root = path.join(temporary, 'folder');
  await mkdir(root);
  const over = new AbortController();
  try {
    // Beside it, as nothing waits for it.
    files.archiveSize(remotePath, AbortSignal.any([signal, over.signal])).then(onSize, () => undefined);
    const archived = tools.has('tar')
      ? await downloadArchive(files, remotePath, path.join(temporary, 'archive'), root, options)
      : undefined;
    const result = archived ?? (await downloadEach(files, remotePath, root, options));
    await rename(root, target);
    return result;
  } finally {
    over.abort();
  }
}

/** What `tar` complains of where a file that it reads is changed meanwhile: what it has of that file may be a mix. */
const changedMeanwhile = /changed as we read it|shrank by|removed before we read it|short read/i;

/**
 * One stream: `tar` makes an archive in the container, which is unpacked once all of it is known to be right. Resolves to
 * undefined, with nothing unpacked, where the folder is changed meanwhile.
 */
async function downloadArchive(
  files: RemoteFiles,
  remotePath: string,
  archive: string,
  root: string,
  options: TransferOptions,
): Promise<Downloaded | undefined> {
  const { signal } = options;
  const source = folderSource(remotePath, await files.tools(signal));
  return withFile(archive, 'wx+', async (file) => {
    const { length, blocks, complaints } = await readBlocks(files, source, sinkOf(file), options);
    if (changedMeanwhile.test(complaints)) {
      return undefined;
    }
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
        return undefined;
      }
    }
    const skipped = await extractTar(file, root, signal).catch((error: unknown) => {
      throw error instanceof TarDamaged ? new FileError('other', remotePath, error.message) : error;
    });
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

/** A file that is to be downloaded without `tar`. */
interface FileInFolder {
  readonly at: string;
  readonly place: string;
  readonly size: number;
  readonly mode: number | undefined;
  readonly mtimeMs: number;
}

/** Without `tar`: files, small ones together. Links are left out, and files that never stay as they are while they are read. */
async function downloadEach(
  files: RemoteFiles,
  remotePath: string,
  root: string,
  { signal, onProgress }: TransferOptions,
): Promise<Downloaded> {
  const { found, skipped } = await makeFolders(files, remotePath, root, signal);
  let bytes = 0;
  const alone = async ({ at, place }: FileInFolder) => {
    const progress = (got: number) => onProgress?.(bytes + got);
    try {
      const one = await download(files, at, place, { signal, onProgress: progress });
      bytes += one.bytes;
    } catch (error) {
      if (!(error instanceof FileError && ['noPermission', 'notFound', 'changed'].includes(error.problem))) {
        throw error;
      }
      skip(skipped, at);
    }
  };
  const all = async (batch: readonly FileInFolder[]) => {
    const isDone = await downloadBatch(files, batch, signal);
    bytes += isDone ? batch.reduce((sum, { size }) => sum + size, 0) : 0;
    onProgress?.(bytes);
    return isDone;
  };
  for (const batch of batchesOf(found)) {
    await together(batch, all, alone);
  }
  return { bytes, skipped };
}

function skip(skipped: Skipped, at: string): void {
  skipped.count++;
  skipped.first ??= at;
}

/** Makes the folders below one, and tells the files in them. */
async function makeFolders(
  files: RemoteFiles,
  remotePath: string,
  root: string,
  signal: AbortSignal,
): Promise<{ readonly found: readonly FileInFolder[]; readonly skipped: Skipped }> {
  const skipped: Skipped = { count: 0, first: undefined };
  const found: FileInFolder[] = [];
  const take = async (from: string, to: string, depth: number): Promise<void> => {
    for (const entry of await files.list(from, signal)) {
      const at = childOf(from, entry.name);
      const place = path.join(to, entry.name);
      if (entry.isLink || !isSafeName(entry.name) || depth > maxDepth || entry.type === 'other') {
        skip(skipped, at);
      } else if (entry.type === 'folder') {
        await mkdir(place);
        await take(at, place, depth + 1);
      } else {
        found.push({ at, place, size: entry.size, mode: entry.mode, mtimeMs: entry.mtimeMs });
      }
    }
  };
  await take(remotePath, root, 0);
  return { found, skipped };
}

/** Downloads small files in one round trip; false where one is not as it was listed, or nothing tells. */
async function downloadBatch(
  files: RemoteFiles,
  batch: readonly FileInFolder[],
  signal: AbortSignal,
): Promise<boolean> {
  const tools = await files.tools(signal);
  if (!tools.has('stat') || !tools.has('head')) {
    return false;
  }
  const words = batch.map(({ at }) => quotePath(at));
  // One byte more than there should be; the sizes, which come last, then fail to match.
  const contents = batch.map(({ size }, index) => `head -c ${size + 1} <${words[index] ?? ''}`);
  const parts: Buffer[] = [];
  const source = `${contents.join(';')};stat -c %s -- ${words.join(' ')}`;
  const result = await files.engine.read(source, { onData: (data) => parts.push(data) }, signal);
  const got = Buffer.concat(parts);
  const length = batch.reduce((sum, { size }) => sum + size, 0);
  const sizes = batch.map(({ size }) => `${size}\n`).join('');
  if (result.exitCode !== 0 || !result.isChecked || got.toString('latin1', length) !== sizes) {
    return false;
  }
  let offset = 0;
  for (const { place, size, mode = 0o644, mtimeMs } of batch) {
    await writeLocal(place, got.subarray(offset, offset + size), { flag: 'wx' });
    await utimes(place, mtimeMs / 1000, mtimeMs / 1000);
    await chmod(place, mode & 0o777);
    offset += size;
  }
  return true;
}
