import { quote } from '../exec/remoteShell/quote.ts';
import type { FileStat } from './entries.ts';
import { FileError } from './errors.ts';
import { childOf, parentOf, quotePath } from './paths.ts';
import type { RemoteFiles } from './remoteFiles.ts';
import { bytesOf, temporaryName, writeFile } from './writeFile.ts';

/** A path in a container. */
export interface RemotePath {
  readonly files: RemoteFiles;
  readonly path: string;
}

export interface CopyOptions {
  /** Whether what is there is replaced, a folder with all that is in it. */
  readonly overwrite: boolean;
  /** The largest file that is copied, in bytes: all of it is held in memory. */
  readonly maxFile: number;
}

/**
 * Copies a file, a link, or a folder with all that is in it from one container to another, with modes, and times of files.
 * It takes its name once all of it is there.
 * @throws {FileError} `exists` where something is there that may not be replaced, and what reading and writing throw.
 */
export async function copyBetween(
  from: RemotePath,
  to: RemotePath,
  { overwrite, maxFile }: CopyOptions,
  signal: AbortSignal,
): Promise<void> {
  const stat = await from.files.stat(from.path, signal);
  if (!overwrite && (await to.files.statIfThere(to.path, signal)) !== undefined) {
    throw new FileError('exists', to.path);
  }
  const temporary = childOf(parentOf(to.path), temporaryName());
  try {
    await copy(from, stat, { files: to.files, path: temporary }, maxFile, signal);
    await to.files.rename(temporary, to.path, overwrite, signal);
  } catch (error) {
    await to.files.delete(temporary, true, new AbortController().signal).catch(() => undefined); // it may not be there
    throw error;
  }
}

async function copy(
  from: RemotePath,
  { type, isLink, mode, mtimeMs }: FileStat,
  to: RemotePath,
  maxFile: number,
  signal: AbortSignal,
): Promise<void> {
  if (isLink) {
    const target = await from.files.ask(from.path, `readlink -- ${quotePath(from.path)}`, signal, true);
    await to.files.ask(to.path, `ln -s -- ${quote(target)} ${quotePath(to.path)}`, signal, false);
    return;
  }
  switch (type) {
    case 'file': {
      const content = await from.files.read(from.path, maxFile, signal);
      const attributes = mode === undefined ? { mtimeMs } : { mode, mtimeMs };
      await writeFile(to.files, to.path, bytesOf(content), attributes, { signal });
      return;
    }
    case 'folder': {
      await to.files.makeFolder(to.path, signal);
      for (const entry of await from.files.list(from.path, signal)) {
        const child = ({ files, path }: RemotePath) => ({ files, path: childOf(path, entry.name) });
        await copy(child(from), entry, child(to), maxFile, signal);
      }
      if (mode !== undefined) {
        // At last, as it may not let anything be written.
        await to.files.ask(to.path, `chmod ${mode.toString(8)} -- ${quotePath(to.path)}`, signal, true);
      }
      return;
    }
    case 'other':
      throw new FileError('other', from.path, 'not a regular file');
  }
}
