import path from 'node:path';
import * as vscode from 'vscode';
import { childOf } from '../../files/paths.ts';
import { upload as uploadTo } from '../../files/upload.ts';
import { parseContainerUri } from '../files/containerUri.ts';
import { pickPath } from '../files/pickPath.ts';
import { filesAt, selectFiles, type FileServices, type SelectedFiles } from '../files/selectFiles.ts';
import { sizeText, withTransferProgress } from '../files/transferProgress.ts';
import { confirm, showInformation, showWarning } from '../messages/notify.ts';

/**
 * "Upload…": files and folders of this side into a folder of a container. From the Explorer's menu it uploads what is
 * selected there, or into the folder of a container that is. What was dropped onto a row comes after that row.
 */
export async function upload(args: readonly unknown[], services: FileServices): Promise<void> {
  const title = vscode.l10n.t('Upload');
  const [row, , dropped] = args;
  const uris = dropped === undefined ? urisOf(args) : urisOf([undefined, dropped]);
  const place = uris[0] === undefined ? undefined : parseContainerUri(uris[0]);
  if (place !== undefined) {
    const selected = await filesAt(place, services);
    const locals = await askLocals(title);
    if (selected !== undefined && locals !== undefined) {
      await uploadAll(selected, locals, place.path);
    }
    return;
  }
  const selected = await selectFiles(row instanceof vscode.Uri ? [] : [row], title, services);
  if (selected === undefined) {
    return;
  }
  const locals = uris.length > 0 ? uris : await askLocals(title);
  if (locals !== undefined) {
    await uploadInto(selected, locals);
  }
}

async function uploadInto(selected: SelectedFiles, locals: readonly vscode.Uri[]): Promise<void> {
  const picked = await pickPath(selected.files, {
    title: vscode.l10n.t('Upload to {0}', selected.target.container.name),
    thisFolder: vscode.l10n.t('Upload to This Folder'),
    files: false,
  });
  if (picked !== undefined) {
    await uploadAll(selected, locals, picked.path);
  }
}

async function uploadAll(
  { target, files }: SelectedFiles,
  locals: readonly vscode.Uri[],
  folder: string,
): Promise<void> {
  const signal = new AbortController().signal;
  for (const { scheme, fsPath } of locals) {
    if (scheme !== 'file') {
      showWarning(vscode.l10n.t('Choose files of this computer: only those can be uploaded.'));
      return;
    }
    const name = path.basename(fsPath);
    const remotePath = childOf(folder, name);
    if ((await files.statIfThere(remotePath, signal)) !== undefined && !(await mayReplace(remotePath))) {
      continue;
    }
    const title = vscode.l10n.t('Uploading {0} to {1}', name, target.container.name);
    const { bytes, skipped } = await withTransferProgress(title, (report, cancelled) =>
      uploadTo(files, fsPath, remotePath, { ...report, signal: cancelled }),
    );
    showInformation(
      skipped === 0
        ? vscode.l10n.t('Uploaded {0} ({1}) to {2}.', name, sizeText(bytes), target.container.name)
        : vscode.l10n.t('Uploaded {0}, without {1} that are no files.', name, skipped),
    );
  }
}

function mayReplace(remotePath: string): Promise<boolean> {
  return confirm(
    vscode.l10n.t('"{0}" is there already. Replace it?', remotePath),
    vscode.l10n.t('Replace'),
    vscode.l10n.t('A folder is replaced with all that is in it.'),
  );
}

async function askLocals(title: string): Promise<readonly vscode.Uri[] | undefined> {
  return vscode.window.showOpenDialog({
    title,
    openLabel: vscode.l10n.t('Upload'),
    canSelectFiles: true,
    canSelectFolders: true,
    canSelectMany: true,
  });
}

/** What the Explorer's menu passes: the file that was clicked, then all selected ones. */
export function urisOf([clicked, selection]: readonly unknown[]): readonly vscode.Uri[] {
  const all: readonly unknown[] = Array.isArray(selection) && selection.length > 0 ? selection : [clicked];
  return all.filter((item) => item instanceof vscode.Uri);
}
