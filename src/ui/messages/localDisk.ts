import * as vscode from 'vscode';

/** What this computer's own disk refuses, where an error is one of it; undefined for any other error. */
export function explainLocalDisk(error: unknown): string | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  const { code, path, syscall = '' } = error as NodeJS.ErrnoException; // each of them may be missing
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return vscode.l10n.t('The disk of this computer is full. Free some space, then try again.');
  }
  if (path === undefined || syscall.startsWith('spawn')) {
    return undefined;
  }
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return vscode.l10n.t('This computer does not allow access to {0}. Choose another place.', path);
    case 'ENOENT':
      return vscode.l10n.t('{0} is no longer on this computer. Choose another file or folder.', path);
    default:
      return undefined;
  }
}
