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
      return vscode.l10n.t('"{0}" is not there. Check the path.', path);
    case 'exists':
      return vscode.l10n.t('"{0}" is there already. Choose another name.', path);
    case 'noPermission':
      return vscode.l10n.t(
        'The user of the container may not do that with "{0}". Check its owner and mode.',
        path,
      );
    case 'isFolder':
      return vscode.l10n.t('"{0}" is a folder. Choose a file.', path);
    case 'notFolder':
      return vscode.l10n.t('"{0}" is not a folder. Choose a folder.', path);
    case 'notEmpty':
      return vscode.l10n.t('The folder "{0}" is not empty. Delete what is in it first.', path);
    case 'diskFull':
      return vscode.l10n.t(
        'There is no space left in the container for "{0}". Delete something in it, then try again.',
        path,
      );
    case 'readOnly':
      return vscode.l10n.t('"{0}" is on a file system that is read-only. Choose another folder.', path);
    case 'badName':
      return vscode.l10n.t('"{0}" cannot be the name of a file in a container. Choose another name.', path);
    case 'isRoot':
      return vscode.l10n.t('This cannot be done with "/" as a whole. Choose a folder of it.');
    case 'intoItself':
      return vscode.l10n.t(
        '"{0}" cannot go into itself, nor replace a folder that it is in. Choose another folder.',
        path,
      );
    case 'tooLarge':
      return vscode.l10n.t('"{0}" is too large to be opened. Download it instead.', path);
    case 'changed':
      return vscode.l10n.t('"{0}" was changed while it was read. Try again.', path);
    case 'missingTool':
      return vscode.l10n.t('The image has no "{0}", which this needs. Use an image that has it.', detail);
    case 'other':
      return vscode.l10n.t('"{0}": {1}', path, detail.replace(/^: /, ''));
  }
}
