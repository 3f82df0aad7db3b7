import * as vscode from 'vscode';
import { isCancellation } from '../../base/cancellation.ts';
import { Limiter } from '../../base/limiter.ts';
import { copyBetween, type RemotePath } from '../../files/copyBetween.ts';
import type { FileStat } from '../../files/entries.ts';
import { FileError } from '../../files/errors.ts';
import type { RemoteFiles } from '../../files/remoteFiles.ts';
import type { Log } from '../log.ts';
import { plainText } from '../messages/plainText.ts';
import { explain } from '../messages/problems.ts';
import type { ContainerFiles } from './containerFiles.ts';
import { containerScheme, parseContainerUri, type ContainerPath } from './containerUri.ts';
import type { FileAccess } from './fileAccess.ts';

/** The largest file that is opened in an editor, in bytes: all of it is held in memory. */
const maxFile = 256 * 1024 * 1024;

/** VS Code asks for dozens of files at once as it opens a folder: so many sessions work for it in one container. */
const sideBySide = 4;

/** Files of containers as VS Code sees them: `aci:`. Nothing is watched, as the container tells of no change. */
export class ContainerFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly files: ContainerFiles;
  private readonly access: FileAccess;
  private readonly log: Log;
  private readonly closing = new AbortController();
  private readonly limiters = new WeakMap<RemoteFiles, Limiter>();
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly registration: vscode.Disposable;

  constructor(files: ContainerFiles, access: FileAccess, log: Log) {
    this.files = files;
    this.access = access;
    this.log = log;
    this.registration = vscode.workspace.registerFileSystemProvider(containerScheme, this, {
      isCaseSensitive: true,
    });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const stat = await this.run(uri, (files, path, signal) => files.stat(path, signal));
    return { type: fileType(stat), ctime: 0, mtime: stat.mtimeMs, size: stat.size };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const entries = await this.run(uri, (files, path, signal) => files.list(path, signal));
    return entries.map((entry) => [entry.name, fileType(entry)]);
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.run(uri, (files, path, signal) => files.read(path, maxFile, signal));
  }

  async writeFile(
    uri: vscode.Uri,
    content: Uint8Array,
    options: { readonly create: boolean; readonly overwrite: boolean },
  ): Promise<void> {
    await this.run(uri, (files, path, signal) => files.write(path, content, options, signal));
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await this.run(uri, (files, path, signal) => files.makeFolder(path, signal));
    this.changed.fire([{ type: vscode.FileChangeType.Created, uri }]);
  }

  async delete(uri: vscode.Uri, { recursive }: { readonly recursive: boolean }): Promise<void> {
    await this.run(uri, (files, path, signal) => files.delete(path, recursive, signal));
    this.changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  async rename(
    from: vscode.Uri,
    to: vscode.Uri,
    { overwrite }: { readonly overwrite: boolean },
  ): Promise<void> {
    if (isSameContainer(from, to)) {
      const target = placeOf(to).path;
      await this.run(from, (files, path, signal) => files.rename(path, target, overwrite, signal));
    } else {
      await this.copyBetween(from, to, overwrite);
      await this.run(from, (files, path, signal) => files.delete(path, true, signal));
    }
    this.changed.fire([
      { type: vscode.FileChangeType.Deleted, uri: from },
      { type: vscode.FileChangeType.Created, uri: to },
    ]);
  }

  async copy(
    from: vscode.Uri,
    to: vscode.Uri,
    { overwrite }: { readonly overwrite: boolean },
  ): Promise<void> {
    if (isSameContainer(from, to)) {
      const target = placeOf(to).path;
      await this.run(from, (files, path, signal) => files.copy(path, target, overwrite, signal));
    } else {
      await this.copyBetween(from, to, overwrite);
    }
    this.changed.fire([{ type: vscode.FileChangeType.Created, uri: to }]);
  }

  dispose(): void {
    this.closing.abort();
    this.registration.dispose();
    this.changed.dispose();
  }

  /** By way of this computer. */
  private copyBetween(from: vscode.Uri, to: vscode.Uri, overwrite: boolean): Promise<void> {
    const { signal } = this.closing;
    return this.explained(from, async () =>
      copyBetween(await this.at(from), await this.at(to), { overwrite, maxFile }, signal),
    );
  }

  private run<T>(
    uri: vscode.Uri,
    work: (files: RemoteFiles, path: string, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { signal } = this.closing;
    return this.explained(uri, async () => {
      const { files, path } = await this.at(uri);
      return this.limiterOf(files).run(signal, () => work(files, path, signal));
    });
  }

  private async at(uri: vscode.Uri): Promise<RemotePath> {
    const place = placeOf(uri);
    await this.access.require(place);
    return { files: await this.files.at(place, this.closing.signal), path: place.path };
  }

  /** @throws {vscode.FileSystemError} of the kind that fits. */
  private async explained<T>(uri: vscode.Uri, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof vscode.FileSystemError) {
        throw error;
      }
      if (!isCancellation(error) && !(error instanceof FileError)) {
        this.log.error(`Files at ${uri.authority}`, error);
      }
      throw fileSystemError(error, uri);
    }
  }

  private limiterOf(files: RemoteFiles): Limiter {
    const limiter = this.limiters.get(files) ?? new Limiter(sideBySide);
    this.limiters.set(files, limiter);
    return limiter;
  }
}

function placeOf(uri: vscode.Uri): ContainerPath {
  const place = parseContainerUri(uri);
  if (place === undefined) {
    throw vscode.FileSystemError.FileNotFound(uri);
  }
  return place;
}

function isSameContainer(one: vscode.Uri, other: vscode.Uri): boolean {
  return one.authority.toLowerCase() === other.authority.toLowerCase();
}

function fileType({ type, isLink }: FileStat): vscode.FileType {
  const { File, Directory, SymbolicLink, Unknown } = vscode.FileType;
  const itself = { file: File, folder: Directory, other: Unknown }[type];
  // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- flags, as VS Code takes them
  return isLink ? itself | SymbolicLink : itself;
}

/** VS Code tells these kinds apart by itself; what it does not, it shows as it is. */
function fileSystemError(error: unknown, uri: vscode.Uri): vscode.FileSystemError {
  const text = plainText(explain(error));
  if (!(error instanceof FileError)) {
    return vscode.FileSystemError.Unavailable(text);
  }
  switch (error.problem) {
    case 'notFound':
      return vscode.FileSystemError.FileNotFound(uri);
    case 'exists':
      return vscode.FileSystemError.FileExists(uri);
    case 'isFolder':
      return vscode.FileSystemError.FileIsADirectory(uri);
    case 'notFolder':
      return vscode.FileSystemError.FileNotADirectory(uri);
    case 'noPermission':
    case 'readOnly':
      return vscode.FileSystemError.NoPermissions(text);
    default:
      return new vscode.FileSystemError(text);
  }
}
