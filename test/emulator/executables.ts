import { accessSync, constants } from 'node:fs';
import path from 'node:path';

const folders = ['/bin', '/usr/bin', '/usr/local/bin', '/usr/sbin', '/sbin'];

/** The file of a program, given by its path or looked up as a shell does, inside of the root folder. */
export function findExecutable(file: string, root = '/'): string | undefined {
  const candidates = file.includes('/') ? [file] : folders.map((folder) => path.join(folder, file));
  return candidates.find((candidate) => {
    try {
      accessSync(path.join(root, candidate), constants.X_OK);
      return true;
    } catch {
      return false; // accessSync tells "no" by throwing
    }
  });
}
