import { quote } from '../exec/remoteShell/quote.ts';
import { FileError } from './errors.ts';
import { encodeName } from './names.ts';

/**
 * A word of shell source for an absolute path of a container.
 * @throws {FileError} where no file can have this path.
 */
export function quotePath(path: string): string {
  if (!path.startsWith('/') || path.includes('\0')) {
    throw new FileError('badName', path);
  }
  return quote(encodeName(path));
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function childOf(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/** Whether a path leads to somewhere in a folder. */
export function isInside(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(childOf(folder, ''));
}
