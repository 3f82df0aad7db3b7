import * as vscode from 'vscode';
import { isCancellation } from '../../base/cancellation.ts';
import { Limiter } from '../../base/limiter.ts';
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
    const target = sameContainer(from, to);
    await this.run(from, (files, path, signal) => files.rename(path, target.path, overwrite, signal));
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
    const target = sameContainer(from, to);
    await this.run(from, (files, path, signal) => files.copy(path, target.path, overwrite, signal));
    this.changed.fire([{ type: vscode.FileChangeType.Created, uri: to }]);
  }

  dispose(): void {
    this.closing.abort();
    this.registration.dispose();
    this.changed.dispose();
  }

  /** @throws {vscode.FileSystemError} of the kind that fits. */
  private async run<T>(
    uri: vscode.Uri,
    work: (files: RemoteFiles, path: string, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { signal } = this.closing;
    const place = placeOf(uri);
    await this.access.require(place);
    try {
      const files = await this.files.at(place, signal);
      return await this.limiterOf(files).run(signal, () => work(files, place.path, signal));
    } catch (error) {
      if (!isCancellation(error) && !(error instanceof FileError)) {
        this.log.error(`Files of ${place.containerName}`, error);
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

/** Where something is to go that stays in its container: what else is asked for, VS Code does by reading and writing. */
function sameContainer(from: vscode.Uri, to: vscode.Uri): ContainerPath {
  if (from.authority.toLowerCase() !== to.authority.toLowerCase()) {
    throw vscode.FileSystemError.NoPermissions(to);
  }
  return placeOf(to);
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
