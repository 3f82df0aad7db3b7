import { chmod, copyFile, mkdir, symlink, utimes, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { readRange, withFile } from './localFiles.ts';
import { readTar, type TarEntry } from './tar.ts';

/** What an archive held that has not been written. */
export interface Skipped {
  /** How many entries. */
  count: number;
  /** The path of the first of them. */
  first: string | undefined;
}

/** Names that Windows takes for something else. */
const windowsName = /[<>:"|?*\\\u0000-\u001f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i; // eslint-disable-line no-control-regex -- they are what is looked for

/** Whether a name from outside names a file right in the folder that it is put in. */
export function isSafeName(name: string): boolean {
  return (
    !['', '.', '..'].includes(name) &&
    !name.includes('/') &&
    !name.includes('\0') &&
    name.length <= 255 &&
    (process.platform !== 'win32' || !windowsName.test(name))
  );
}

/**
 * Writes what is in an archive of a folder, with paths from there, into `root`, a new folder of this side, and nothing anywhere else:
 * names that lead out of it and links that do are left out, and links come last, so that nothing is written through one.
 */
export async function extractTar(archive: FileHandle, root: string, signal: AbortSignal): Promise<Skipped> {
  const { size } = await archive.stat();
  const extraction = new Extraction(archive, root);
  const entries = readTar(async (offset, length) => {
    const parts: Uint8Array[] = [];
    for await (const part of readRange(archive, offset, Math.min(length, Math.max(0, size - offset)))) {
      parts.push(part);
    }
    return Buffer.concat(parts);
  }, size);
  for await (const entry of entries) {
    signal.throwIfAborted();
    await extraction.take(entry);
  }
  await extraction.end();
  return extraction.skipped;
}

class Extraction {
  readonly skipped: Skipped = { count: 0, first: undefined };
  private readonly archive: FileHandle;
  private readonly root: string;
  private readonly files = new Map<string, string>();
  private readonly links: { readonly at: string; readonly entry: TarEntry }[] = [];
  private readonly folders: { readonly at: string; readonly entry: TarEntry }[] = [];
  private readonly made = new Set<string>();

  constructor(archive: FileHandle, root: string) {
    this.archive = archive;
    this.root = root;
  }

  async take(entry: TarEntry & { readonly contentAt: number }): Promise<void> {
    const at = this.placeOf(entry.path);
    if (at === undefined) {
      this.skip(entry);
      return;
    }
    switch (entry.type) {
      case 'folder':
        await this.tried(entry, async () => {
          await this.makeFolder(at);
          this.folders.push({ at, entry });
        });
        return;
      case 'link':
        this.links.push({ at, entry });
        return;
      case 'file':
      case 'hardLink':
        await this.tried(entry, async () => {
          await this.makeFolder(path.dirname(at));
          await this.writeFile(at, entry);
        });
    }
  }

  /** Makes the links, and gives folders their modes and times, which what is made in them would change. */
  async end(): Promise<void> {
    const placed: typeof this.links = [];
    for (const link of this.links) {
      await this.tried(link.entry, async () => {
        await this.makeFolder(path.dirname(link.at));
        placed.push(link);
      });
    }
    for (const { at, entry } of placed) {
      if (!this.leadsInside(at, entry.target)) {
        this.skip(entry);
      } else {
        await this.tried(entry, () => symlink(entry.target, at));
      }
    }
    for (const { at, entry } of this.folders.toReversed()) {
      await chmod(at, (entry.mode & 0o777) | 0o700);
      await utimes(at, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
    }
  }

  /** Whether a link leads to a place in the folder. Past a name, which may be another link's, `..` leads anywhere. */
  private leadsInside(at: string, target: string): boolean {
    const steps = target.split(/[/\\]/).filter((step) => step !== '' && step !== '.');
    const climbs = steps.findIndex((step) => step !== '..');
    if (path.isAbsolute(target) || (climbs >= 0 && steps.slice(climbs).includes('..'))) {
      return false;
    }
    const inside = path.relative(this.root, path.resolve(path.dirname(at), target));
    return !path.isAbsolute(inside) && inside.split(path.sep)[0] !== '..';
  }

  private async writeFile(at: string, entry: TarEntry & { readonly contentAt: number }): Promise<void> {
    if (entry.type === 'hardLink') {
      const original = this.files.get(entry.target);
      if (original === undefined) {
        this.skip(entry);
        return;
      }
      await copyFile(original, at);
    } else {
      await withFile(at, 'wx', async (file) => {
        for await (const part of readRange(this.archive, entry.contentAt, entry.size)) {
          await file.writeFile(part);
        }
      });
    }
    this.files.set(entry.path, at);
    await utimes(at, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
    await chmod(at, entry.mode & 0o777);
  }

  /** Where an entry goes; undefined where that is not inside. */
  private placeOf(entryPath: string): string | undefined {
    const parts = entryPath.split('/').filter((part) => part !== '' && part !== '.');
    return !entryPath.startsWith('/') && parts.every(isSafeName) && parts.length < 200
      ? path.join(this.root, ...parts)
      : undefined;
  }

  private async makeFolder(folder: string): Promise<void> {
    if (!this.made.has(folder)) {
      await mkdir(folder, { recursive: true });
      this.made.add(folder);
    }
  }

  /** One that cannot be written, such as a second one of its name, is left out; a full disk ends it all. */
  private async tried(entry: TarEntry, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (
        !['EEXIST', 'EISDIR', 'ENOTDIR', 'EINVAL', 'EILSEQ', 'ENAMETOOLONG', 'EPERM'].includes(String(code))
      ) {
        throw error;
      }
      this.skip(entry);
    }
  }

  private skip({ path: entryPath }: TarEntry): void {
    this.skipped.count++;
    this.skipped.first ??= entryPath;
  }
}
