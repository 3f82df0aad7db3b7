import { lstat, open, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { OutputDamaged } from '../exec/remoteShell/errors.ts';
import { quote } from '../exec/remoteShell/quote.ts';
import { batchesOf, together } from './batches.ts';
import { FileError, fileError } from './errors.ts';
import { readUnchanged, withFile, type SeenFile } from './localFiles.ts';
import { encodeName } from './names.ts';
import { childOf, quotePath } from './paths.ts';
import type { TransferOptions } from './readBlocks.ts';
import type { RemoteFiles } from './remoteFiles.ts';
import { retried } from './retries.ts';
import { paddingOf, tarBlock, tarEnd, tarHeader } from './tar.ts';
import {
  cleanUp,
  finished,
  temporaryName,
  touchSource,
  writeBlocks,
  writeFile,
  type LocalContent,
} from './writeFile.ts';

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

/**
 * Uploads a file, or a folder with all that is in it, to `target`, a path of the container. What is not whole has another
 * name, beside it. A file that is there is replaced, and so is a folder.
 */
export async function upload(
  files: RemoteFiles,
  local: string,
  target: string,
  options: TransferOptions,
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
  entry: LocalEntry,
  target: string,
  options: TransferOptions,
): Promise<void> {
  return withFile(entry.at, 'r', (file) => {
    const read = (offset: number, length: number) => readUnchanged(file, entry, offset, length);
    return writeFile(files, target, { length: entry.size, read }, entry, options);
  });
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
    signal.throwIfAborted();
    await finished(files, target, replaceSource(word, quotePath(target)));
  } catch (error) {
    await cleanUp(files, word, putBackSource(word, quotePath(target)));
    throw error;
  }
}

/** Source that is true where a path, a word of shell source, names anything. */
const isThere = (word: string) => `{ [ -e ${word} ]||[ -L ${word} ];}`;

/** Where a rename fails `mv` copies, and how far it came could not be told: with this it fails. Then all is copied first. */
const moved = (from: string, to: string, andThen: string) =>
  `{ (ulimit -f 0;mv -- ${from} ${to}) 2>/dev/null||{ rm -rf -- ${to}&&cp -RpP -- ${from} ${to}${andThen};};}`;

/**
 * Source that gives the new folder, `folder` in `temporary`, its name, and takes away what had it; both are words of shell
 * source. It may be run again wherever it was broken off: what was there is whole under its name, as `try` or as `old`,
 * what is new is whole as `folder` until it is `done`. Folders of an image cannot be renamed on overlayfs.
 */
function replaceSource(temporary: string, target: string): string {
  const old = `rm -rf -- "$t/try"&&${moved('"$p"', '"$t/try"', '')}&&mv -- "$t/try" "$t/old"`;
  return [
    `t=${temporary};p=${target}`,
    'if [ -d "$t/folder" ]&&[ ! -e "$t/done" ];then ' +
      `{ ! ${isThere('"$p"')}||${isThere('"$t/old"')}||{ ${old};};}&&rm -rf -- "$p"&&` +
      `${moved('"$t/folder"', '"$p"', '&&: >"$t/done"')}||exit 1;fi`,
    'rm -rf -- "$t"',
  ].join(';');
}

/** Source that undoes what {@link replaceSource} has begun. */
function putBackSource(temporary: string, target: string): string {
  return [
    `t=${temporary};p=${target}`,
    `if ${isThere('"$t/old"')}&&[ -d "$t/folder" ]&&[ ! -e "$t/done" ];then rm -rf -- "$p"&&mv -- "$t/old" "$p"`,
    `elif ${isThere('"$t/try"')}&&! ${isThere('"$p"')};then mv -- "$t/try" "$p";fi`,
  ].join(';');
}

/** Without `tar`: folders and links, then files, small ones together. */
async function uploadEach(
  files: RemoteFiles,
  entries: readonly LocalEntry[],
  folder: string,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  const placeOf = ({ path: relative }: LocalEntry) => (relative === '' ? folder : childOf(folder, relative));
  const ofType = (type: LocalEntry['type']) => batchesOf(entries.filter((entry) => entry.type === type));
  const wordOf = (entry: LocalEntry) => quotePath(placeOf(entry));
  for (const batch of ofType('folder')) {
    await files.ask(folder, `mkdir -p -- ${batch.map(wordOf).join(' ')}`, signal, true);
  }
  for (const batch of ofType('link')) {
    const make = (entry: LocalEntry) =>
      `p=${wordOf(entry)};{ rm -f -- "$p"&&ln -s -- ${quote(encodeName(entry.target))} "$p";}||exit 1`;
    await files.ask(folder, batch.map(make).join(';'), signal, true);
  }
  let done = 0;
  const sent = (bytes: number) => onProgress?.(done + bytes);
  const alone = async (entry: LocalEntry) => {
    await uploadFile(files, entry, placeOf(entry), { signal, onProgress: sent });
    done += entry.size;
  };
  const all = async (batch: readonly LocalEntry[]) => {
    const isDone = await uploadBatch(files, batch, folder, { signal, onProgress: sent });
    done += isDone ? batch.reduce((sum, { size }) => sum + size, 0) : 0;
    return isDone;
  };
  for (const batch of ofType('file')) {
    await together(batch, all, alone);
  }
}

/** Uploads small files in one round trip; false where the image has no way to check them. */
async function uploadBatch(
  { engine }: RemoteFiles,
  batch: readonly LocalEntry[],
  folder: string,
  { signal, onProgress }: TransferOptions,
): Promise<boolean> {
  const tool = await engine.checksumTool(signal);
  if (tool === undefined) {
    return false;
  }
  const words = batch.map((entry) => quote(encodeName(`./${entry.path}`)));
  const script = [
    `exec 2>&1;export LC_ALL=C;umask 077;cd -- ${quotePath(folder)}||exit 1`,
    ...batch.map(({ size, mode, mtimeMs }, index) => {
      const word = words[index] ?? '';
      return `head -c ${size} >${word}&&chmod ${(mode & 0o7777).toString(8)} ${word}&&${touchSource(mtimeMs, word)}||exit 1`;
    }),
    `cat -- ${words.join(' ')}|${tool}`,
  ].join(';');
  const parts: Uint8Array[] = [];
  for (const entry of batch) {
    for await (const part of readFileRange(entry, 0, entry.size)) {
      parts.push(part);
    }
  }
  const content = Buffer.concat(parts);
  let sent = 0;
  const onSent = (bytes: number) => onProgress?.((sent += bytes));
  const input = { length: content.length, read: () => [content], onSent };
  const { exitCode, text } = await engine.write(script, input, signal);
  if (exitCode !== 0) {
    throw exitCode > 128 ? new OutputDamaged() : fileError(text.toString(), folder);
  }
  return true;
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
        yield* readFileRange(entry, from - contentAt, to - from);
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

async function* readFileRange(seen: SeenFile, offset: number, length: number): AsyncGenerator<Uint8Array> {
  const file = await open(seen.at, 'r');
  try {
    yield* readUnchanged(file, seen, offset, length);
  } finally {
    await file.close();
  }
}
