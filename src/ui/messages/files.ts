import * as vscode from 'vscode';
import { FileError } from '../../files/errors.ts';

/** What is wrong with a file of a container; undefined for any other error. */
export function explainFileError(error: unknown): string | undefined {
  if (!(error instanceof FileError)) {
    return undefined;
  }
  const { path, detail } = error;
  switch (error.problem) {
    case 'notFound':
      return vscode.l10n.t('"{0}" is not there.', path);
    case 'exists':
      return vscode.l10n.t('"{0}" is there already.', path);
    case 'noPermission':
      return vscode.l10n.t('The user of the container may not do that with "{0}".', path);
    case 'isFolder':
      return vscode.l10n.t('"{0}" is a folder.', path);
    case 'notFolder':
      return vscode.l10n.t('"{0}" is not a folder.', path);
    case 'notEmpty':
      return vscode.l10n.t('The folder "{0}" is not empty.', path);
    case 'diskFull':
      return vscode.l10n.t('There is no space left in the container for "{0}".', path);
    case 'readOnly':
      return vscode.l10n.t('"{0}" is on a file system that is read-only.', path);
    case 'badName':
      return vscode.l10n.t('"{0}" cannot be the name of a file in a container.', path);
    case 'tooLarge':
      return vscode.l10n.t('"{0}" is too large to be opened. Download it instead.', path);
    case 'changed':
      return vscode.l10n.t('"{0}" was changed while it was read. Try again.', path);
    case 'missingTool':
      return vscode.l10n.t('The image has no "{0}", which this needs.', detail);
    case 'other':
      return vscode.l10n.t('"{0}": {1}', path, detail.replace(/^: /, ''));
  }
}
