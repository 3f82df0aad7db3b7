import type { RemoteEngine } from '../exec/remoteShell/remoteEngine.ts';
import {
  listSource,
  parseEntries,
  plainListSource,
  plainStatSource,
  statSource,
  targetSource,
  type FileStat,
  type FolderEntry,
} from './entries.ts';
import { FileError, fileError } from './errors.ts';
import { isInside, parentOf, quotePath } from './paths.ts';
import { readBlocks } from './readBlocks.ts';
import { fileSource } from './remoteSource.ts';
import { retried } from './retries.ts';
import type { Tool } from '../exec/remoteShell/tools.ts';
import { bytesOf, writeFile } from './writeFile.ts';

/** What a listing takes in at most, in bytes: about half a million files. */
const maxListing = 64 * 1024 * 1024;

/** Longer than any number that makes sense, in bytes. */
const maxNumber = 20;

/** What no file of a folder is called. */
const noNames = ['', '.', '..'];

export interface WriteOptions {
  /** Whether a file that is not there is made. */
  readonly create: boolean;
  /** Whether one that is there is replaced. */
  readonly overwrite: boolean;
}

/**
 * The files of one container, by absolute paths.
 * @throws {FileError} from each method, and what the engine throws.
 */
export class RemoteFiles {
  readonly engine: RemoteEngine;

  constructor(engine: RemoteEngine) {
    this.engine = engine;
  }

  /** Which programs the image has; looked for once. */
  tools(signal: AbortSignal): Promise<ReadonlySet<Tool>> {
    return retried(signal, () => this.engine.tools(signal));
  }

  async stat(path: string, signal: AbortSignal): Promise<FileStat> {
    const word = quotePath(path);
    const ask = async (source: string) => {
      const [entry] = parseEntries(await this.ask(path, source, signal, true, smallMs)).values();
      if (entry === undefined) {
        throw new FileError('other', path, 'stat gave no answer that makes sense');
      }
      return entry;
    };
    if (!(await this.tools(signal)).has('stat')) {
      return ask(`p=${word};${plainStatSource}`);
    }
    const itself = await ask(`${statSource} ${word}`);
    if (!itself.isLink) {
      return itself;
    }
    try {
      return { ...(await ask(`${targetSource} ${word}`)), isLink: true };
    } catch (error) {
      if (error instanceof FileError) {
        return itself; // it leads nowhere
      }
      throw error;
    }
  }

  /** What is in a folder, all in one round trip. */
  async list(path: string, signal: AbortSignal): Promise<readonly FolderEntry[]> {
    const source = (await this.tools(signal)).has('stat') ? listSource : plainListSource;
    const parts: Buffer[] = [];
    let length = 0;
    const tooMuch = new AbortController();
    const onData = (data: Buffer) => {
      length += data.length;
      if (length > maxListing) {
        tooMuch.abort(new FileError('tooLarge', path));
      } else {
        parts.push(data);
      }
    };
    const script = `${inC}p=${quotePath(path)};if cd -- "$p";then if [ -r . ];then ${source};else echo ': permission denied' >&2;false;fi;else ls -d -- "$p/." >&2;false;fi`;
    const { exitCode, errors } = await retried(signal, () => {
      parts.length = 0;
      length = 0;
      const events = { onData, silenceMs: smallMs };
      return this.engine.read(script, events, AbortSignal.any([signal, tooMuch.signal]));
    });
    if (exitCode !== 0) {
      throw fileError(errors, path);
    }
    // A folder that lists itself would be looked through for ever.
    return [...parseEntries(Buffer.concat(parts)).values()].filter(({ name }) => !noNames.includes(name));
  }

  /**
   * All that is in a file, which may be more or less than its size tells.
   * @throws {FileError} of kind `tooLarge` for more than `limit` bytes.
   */
  async read(path: string, limit: number, signal: AbortSignal): Promise<Buffer> {
    const parts: Buffer[] = [];
    let length = 0;
    const sink = {
      write: (data: Buffer) => {
        length += data.length;
        if (length > limit) {
          throw new FileError('tooLarge', path);
        }
        parts.push(data);
        return Promise.resolve();
      },
      rewind: (to: number) => {
        const before = Buffer.concat(parts).subarray(0, to);
        parts.splice(0, parts.length, before);
        length = to;
        return Promise.resolve();
      },
    };
    await readBlocks(this, fileSource(path, await this.tools(signal)), sink, { signal });
    return Buffer.concat(parts);
  }

  /** Writes a file: never half of it under its name, and with the mode and owner that it had. */
  async write(
    path: string,
    content: Uint8Array,
    { create, overwrite }: WriteOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const here = await this.statIfThere(path, signal);
    if (here?.type === 'folder') {
      throw new FileError('isFolder', path);
    }
    if (here === undefined && !create) {
      throw new FileError('notFound', path);
    }
    if (here !== undefined && create && !overwrite) {
      throw new FileError('exists', path);
    }
    await writeFile(this, path, bytesOf(content), {}, { signal });
  }

  /** About how much an archive of a folder is, in bytes; 0 where the image has nothing to find that out with. */
  async archiveSize(path: string, signal: AbortSignal): Promise<number> {
    const sizes = `find ${quotePath(path)}/. -type f -exec stat -c %s -- {} + 2>/dev/null`;
    const sum = '{ s=0;while read -r n;do s=$((s+512+(n+511)/512*512));done;echo $s;}';
    const answer = (await this.ask(path, `${sizes}|${sum}`, signal, true)).toString('latin1', 0, maxNumber);
    return /^\d{1,15}$/.test(answer) ? Number(answer) : 0;
  }

  async makeFolder(path: string, signal: AbortSignal): Promise<void> {
    await this.ask(path, `mkdir -- ${quotePath(path)}`, signal, false, smallMs);
  }

  /** Deletes a file, a link or a folder; one that is not empty only with all that is in it. */
  async delete(path: string, isRecursive: boolean, signal: AbortSignal): Promise<void> {
    if (path === '/') {
      throw new FileError('isRoot', path); // not every `rm` refuses
    }
    const word = quotePath(path);
    const remove = isRecursive
      ? 'rm -rf -- "$p"'
      : 'if [ -d "$p" ]&&[ ! -L "$p" ];then rmdir -- "$p";else rm -f -- "$p";fi';
    await this.ask(path, `p=${word};${exists('p')}&&${remove}`, signal, false);
  }

  async rename(from: string, to: string, overwrite: boolean, signal: AbortSignal): Promise<void> {
    await this.moveOrCopy('mv -f', from, to, overwrite, signal);
  }

  /** Copies a file, or a folder with all that is in it, with modes and times. */
  async copy(from: string, to: string, overwrite: boolean, signal: AbortSignal): Promise<void> {
    await this.moveOrCopy('cp -Rp', from, to, overwrite, signal);
  }

  private async moveOrCopy(
    command: string,
    from: string,
    to: string,
    overwrite: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    // Not every `cp` would come to an end, and what is replaced is deleted first.
    if (isInside(to, from) || (overwrite && isInside(from, to))) {
      throw new FileError('intoItself', from);
    }
    const free = overwrite
      ? `{ [ ! -d "$t" ]||[ -L "$t" ]||rm -rf -- "$t";}`
      : `{ ! { [ -e "$t" ]||[ -L "$t" ];}||{ echo ': file exists';false;};}`;
    const script = [
      `f=${quotePath(from)};t=${quotePath(to)};d=${quotePath(parentOf(to))}`,
      `if [ "$f" = "$t" ];then :;else ${exists('f')}&&${isFolder('d')}&&${free}&&${command} -- "$f" "$t";fi`,
    ];
    await this.ask(from, script.join(';'), signal, false);
  }

  async statIfThere(path: string, signal: AbortSignal): Promise<FileStat | undefined> {
    try {
      return await this.stat(path, signal);
    } catch (error) {
      if (error instanceof FileError && error.problem === 'notFound') {
        return undefined;
      }
      throw error;
    }
  }

  /** What a script prints. Where it fails, it has printed why. */
  async ask(
    path: string,
    script: string,
    signal: AbortSignal,
    isRepeatable: boolean,
    limitMs = slowMs,
  ): Promise<Buffer> {
    const run = () =>
      this.engine.script(`{ ${inC}${script};} 2>&1`, { signal, isRepeatable: false, limitMs });
    const { exitCode, text } = await (isRepeatable ? retried(signal, run) : run());
    if (exitCode === 127) {
      throw new FileError('missingTool', path, missingTool(text.toString()));
    }
    if (exitCode !== 0) {
      throw fileError(text.toString() || `: exit code ${exitCode}`, path);
    }
    return text;
  }
}

/** Tools then complain in words that are known. */
const inC = 'export LC_ALL=C;';

/** The longest that a small question may take, or a listing be silent, in milliseconds. */
const smallMs = 30_000;

/** The longest that deleting or moving much may take, in milliseconds. */
const slowMs = 10 * 60 * 1000;

/** Source that fails with a reason unless a variable's path is there. */
function exists(variable: string): string {
  const path = `"$${variable}"`;
  return `{ [ -e ${path} ]||[ -L ${path} ]||{ ls -d -- ${path} >/dev/null;false;};}`;
}

function isFolder(variable: string): string {
  return `{ [ -d "$${variable}" ]||{ echo ': no such file';false;};}`;
}

/** The name in a shell's `sh: 1: stat: not found`. */
function missingTool(complaint: string): string {
  return /(?:^|[ :/])([\w.-]+): (?:command )?not found/.exec(complaint)?.[1] ?? complaint.slice(0, 100);
}
