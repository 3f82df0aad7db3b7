import { quotePath } from './paths.ts';
import type { Tool } from '../exec/remoteShell/tools.ts';
import { FileError } from './errors.ts';

/** Bytes of a container that can be read from any place on. */
export interface RemoteSource {
  readonly path: string;
  /** Source that prints `length` bytes from `offset` on, fewer where it ends before. */
  readonly slice: (offset: number, length: number) => string;
  /** Whether it can be read in parts. */
  readonly isDivisible: boolean;
}

/** What is in a file. */
export function fileSource(path: string, tools: ReadonlySet<Tool>): RemoteSource {
  const word = quotePath(path);
  const isDivisible = tools.has('head') && tools.has('tail');
  return {
    path,
    isDivisible,
    slice: (offset, length) => {
      if (offset > 0) {
        return `(tail -c +${offset + 1} <${word}|head -c ${length})`;
      }
      const read = isDivisible ? `head -c ${length}` : 'cat';
      // Opening a pipe would wait for who writes into it.
      return `(p=${word};if [ -d "$p" ];then echo ': is a directory' >&2;exit 1;fi;if [ -e "$p" ]&&[ ! -f "$p" ];then echo ': not a regular file' >&2;exit 1;fi;${read} <"$p")`;
    },
  };
}

/**
 * What is in a folder as a tar archive, the same bytes whenever it is read as long as nothing is changed in it.
 * @throws {FileError} where the image has no `tar`.
 */
export function folderSource(path: string, tools: ReadonlySet<Tool>): RemoteSource {
  const word = quotePath(path);
  if (!tools.has('tar')) {
    throw new FileError('missingTool', path, 'tar');
  }
  const isDivisible = tools.has('head') && tools.has('tail');
  const archive = `tar -cf - -C ${word} .`;
  return {
    path,
    isDivisible,
    slice: (offset, length) => {
      const skip = offset > 0 ? `|tail -c +${offset + 1}` : '';
      return isDivisible ? `(${archive}${skip}|head -c ${length})` : `(${archive})`;
    },
  };
}
