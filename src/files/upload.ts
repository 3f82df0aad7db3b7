import { lstat, open, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { FileError } from './errors.ts';
import { contentOf, readRange, withFile } from './localFiles.ts';
import { childOf, quotePath } from './paths.ts';
import type { TransferOptions } from './readBlocks.ts';
import type { RemoteFiles } from './remoteFiles.ts';
import { retried } from './retries.ts';
import { paddingOf, tarBlock, tarEnd, tarHeader } from './tar.ts';
import { cleanUp, temporaryName, writeBlocks, writeFile, type LocalContent } from './writeFile.ts';

/** A file, a folder or a link of this side. */
interface LocalEntry {
  /** Relative to what is uploaded, with `/` between its parts; empty for itself. */
  readonly path: string;
  readonly at: string;
  readonly type: 'file' | 'folder' | 'link';
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
  readonly target: string;
}

/** How much an upload is, in bytes, and what is not in it. */
export interface Uploaded {
  readonly bytes: number;
  /** Pipes, sockets and devices. */
  readonly skipped: number;
}

export interface UploadOptions extends TransferOptions {
  /** How much is to be uploaded, in bytes, once that is known. */
  readonly onSize?: (bytes: number) => void;
}

/**
 * Uploads a file, or a folder with all that is in it, to `target`, a path of the container. What is not whole has another
 * name, beside it. A file that is there is replaced, and so is a folder.
 */
export async function upload(
  files: RemoteFiles,
  local: string,
  target: string,
  options: UploadOptions,
): Promise<Uploaded> {
  const { entries, skipped } = await walk(local, options.signal);
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  options.onSize?.(bytes);
  const [first] = entries;
  if (first?.type === 'file') {
    await uploadFile(files, first, target, options);
  } else if (first?.type === 'folder') {
    await uploadFolder(files, entries, target, options);
  } else {
    throw new FileError('other', local, 'neither a file nor a folder');
  }
  return { bytes, skipped };
}

function uploadFile(
  files: RemoteFiles,
  { at, size, mode, mtimeMs }: LocalEntry,
  target: string,
  options: TransferOptions,
): Promise<void> {
  return withFile(at, 'r', (file) =>
    writeFile(files, target, contentOf(file, size), { mode, mtimeMs }, options),
  );
}

/** What there is to upload: the folder itself first, and each folder before what is in it. */
async function walk(
  local: string,
  signal: AbortSignal,
): Promise<{ readonly entries: readonly LocalEntry[]; readonly skipped: number }> {
  const entries: LocalEntry[] = [];
  let skipped = 0;
  const take = async (at: string, relative: string): Promise<void> => {
    signal.throwIfAborted();
    const stat = await lstat(at);
    const { mtimeMs } = stat;
    const type = stat.isFile()
      ? 'file'
      : stat.isDirectory()
        ? 'folder'
        : stat.isSymbolicLink()
          ? 'link'
          : undefined;
    if (type === undefined) {
      skipped++;
      return;
    }
    // Windows knows no modes.
    const mode = process.platform === 'win32' ? (type === 'folder' ? 0o755 : 0o644) : stat.mode & 0o7777;
    const size = type === 'file' ? stat.size : 0;
    const target = type === 'link' ? await readlink(at) : '';
    entries.push({ path: relative, at, type, size, mode, mtimeMs, target });
    if (type === 'folder') {
      for (const name of await readdir(at)) {
        await take(path.join(at, name), relative === '' ? name : `${relative}/${name}`);
      }
    }
  };
  await take(local, '');
  return { entries, skipped };
}

async function uploadFolder(
  files: RemoteFiles,
  entries: readonly LocalEntry[],
  target: string,
  options: TransferOptions,
): Promise<void> {
  const { signal } = options;
  const parent = target.slice(0, target.lastIndexOf('/') + 1);
  const temporary = `${parent}${temporaryName()}`;
  const word = quotePath(temporary);
  const tools = await files.tools(signal);
  try {
    await files.ask(target, `mkdir -p -m 700 -- ${word}`, signal, true);
    if (tools.has('tar')) {
      const archive = quotePath(`${temporary}/archive`);
      await writeBlocks(files, target, archive, new TarContent(entries), options);
      let attempt = 0;
      await retried(signal, () => {
        // One whose connection was lost may still be at work.
        const unpack = `cd -- ${word}&&mkdir ${++attempt}&&cd ${attempt}&&tar -xpof ../archive&&mv folder ..`;
        return files.ask(target, unpack, signal, false);
      });
    } else {
      await uploadEach(files, entries, `${temporary}/folder`, options);
    }
    // It may be run again where it is not known whether it was.
    const commit = [
      `t=${word};p=${quotePath(target)}`,
      'if [ -d "$t/folder" ];then { [ ! -e "$p" ]&&[ ! -L "$p" ]||mv -- "$p" "$t/old";}&&mv -- "$t/folder" "$p";fi&&rm -rf -- "$t"',
    ].join(';');
    await retried(signal, () => files.ask(target, commit, signal, false));
  } catch (error) {
    await cleanUp(files, word);
    throw error;
  }
}

/** Without `tar`: one file after the other. Links are left out. */
async function uploadEach(
  files: RemoteFiles,
  entries: readonly LocalEntry[],
  folder: string,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  let done = 0;
  for (const entry of entries) {
    const at = entry.path === '' ? folder : childOf(folder, entry.path);
    if (entry.type === 'folder') {
      await files.makeFolder(at, signal);
    } else if (entry.type === 'file') {
      const before = done;
      await uploadFile(files, entry, at, { signal, onProgress: (sent) => onProgress?.(before + sent) });
      done += entry.size;
    }
  }
}

/** An archive of what is to be uploaded, made as it is read. */
class TarContent implements LocalContent {
  readonly length: number;
  private readonly members: readonly {
    readonly at: number;
    readonly header: Buffer;
    readonly entry: LocalEntry;
  }[];

  constructor(entries: readonly LocalEntry[]) {
    let length = 0;
    // Folders come once more at the end: busybox gives them their times at once, and what is made in them then changes those.
    const again = entries.filter(({ type }) => type === 'folder').toReversed();
    this.members = [...entries, ...again].map((entry) => {
      const name = entry.path === '' ? 'folder' : `folder/${entry.path}`;
      const header = tarHeader({ ...entry, path: entry.type === 'folder' ? `${name}/` : name });
      const at = length;
      length += header.length + entry.size + paddingOf(entry.size);
      return { at, header, entry };
    });
    this.length = length + tarEnd.length;
  }

  async *read(offset: number, length: number): AsyncGenerator<Uint8Array> {
    const end = offset + length;
    const parts = this.parts(offset, end);
    // Headers and small files go together, as each part that is handed over costs something.
    let waiting: Uint8Array[] = [];
    let size = 0;
    for await (const part of parts) {
      waiting.push(part);
      size += part.length;
      if (size >= 64 * 1024) {
        yield Buffer.concat(waiting);
        waiting = [];
        size = 0;
      }
    }
    yield Buffer.concat(waiting);
  }

  private async *parts(offset: number, end: number): AsyncGenerator<Uint8Array> {
    for (const { at, header, entry } of this.members) {
      const contentAt = at + header.length;
      const paddingAt = contentAt + entry.size;
      if (at >= end) {
        return;
      }
      if (paddingAt + tarBlock <= offset) {
        continue;
      }
      yield slice(header, at, offset, end);
      const from = Math.max(contentAt, offset);
      const to = Math.min(paddingAt, end);
      if (from < to) {
        yield* readFileRange(entry.at, from - contentAt, to - from);
      }
      yield slice(Buffer.alloc(paddingOf(entry.size)), paddingAt, offset, end);
    }
    yield slice(tarEnd, this.length - tarEnd.length, offset, end);
  }
}

/** What of some bytes that begin at `at` is between two places. */
function slice(bytes: Buffer, at: number, from: number, to: number): Buffer {
  return bytes.subarray(Math.max(0, from - at), Math.max(0, to - at));
}

async function* readFileRange(at: string, offset: number, length: number): AsyncGenerator<Uint8Array> {
  const file = await open(at, 'r');
  try {
    yield* readRange(file, offset, length);
  } finally {
    await file.close();
  }
}
