import path from 'node:path';
import * as vscode from 'vscode';
import { download as downloadTo } from '../../files/download.ts';
import { isSafeName } from '../../files/extractTar.ts';
import { nameOf } from '../../files/paths.ts';
import { parseContainerUri } from '../files/containerUri.ts';
import { pickPath } from '../files/pickPath.ts';
import { filesAt, selectFiles, type FileServices, type SelectedFiles } from '../files/selectFiles.ts';
import { sizeText, withTransferProgress } from '../files/transferProgress.ts';
import { confirm, showInformation, showWarning } from '../messages/notify.ts';
import { urisOf } from './upload.ts';

/** "Download…": a file or a folder of a container. From the Explorer's menu it downloads what is selected there. */
export async function download(args: readonly unknown[], services: FileServices): Promise<void> {
  const title = vscode.l10n.t('Download');
  const places = urisOf(args).flatMap((uri) => parseContainerUri(uri) ?? []);
  const [place] = places;
  if (place !== undefined) {
    const selected = await filesAt(place, services);
    await downloadAll(
      selected,
      places.map((each) => each.path),
    );
    return;
  }
  const selected = await selectFiles(args, title, services);
  if (selected === undefined) {
    return;
  }
  const picked = await pickPath(selected.files, {
    title: vscode.l10n.t('Download from {0}', selected.target.container.name),
    thisFolder: vscode.l10n.t('Download This Folder'),
    files: true,
  });
  if (picked !== undefined) {
    await downloadAll(selected, [picked.path]);
  }
}

async function downloadAll(
  selected: SelectedFiles | undefined,
  remotePaths: readonly string[],
): Promise<void> {
  const [folder] =
    selected === undefined
      ? []
      : ((await vscode.window.showOpenDialog({
          title: vscode.l10n.t('Download'),
          openLabel: vscode.l10n.t('Download Here'),
          canSelectFiles: false,
          canSelectFolders: true,
        })) ?? []);
  if (selected === undefined || folder === undefined) {
    return;
  }
  if (folder.scheme !== 'file') {
    showWarning(vscode.l10n.t('Choose a folder of this computer.'));
    return;
  }
  for (const remotePath of remotePaths) {
    await downloadOne(selected, remotePath, folder.fsPath);
  }
}

async function downloadOne(
  { target, files }: SelectedFiles,
  remotePath: string,
  folder: string,
): Promise<void> {
  const name = nameOf(remotePath);
  if (!isSafeName(name)) {
    showWarning(
      vscode.l10n.t(
        '"{0}" cannot be the name of a file on this computer. Rename it in the container first.',
        name,
      ),
    );
    return;
  }
  const local = path.join(folder, name);
  const there = await vscode.workspace.fs.stat(vscode.Uri.file(local)).then(
    ({ type }) => type,
    () => undefined,
  );
  if (there !== undefined && (there & vscode.FileType.Directory) !== 0) {
    showWarning(vscode.l10n.t('The folder "{0}" is there already. Choose another one.', local));
    return;
  }
  const question = vscode.l10n.t('"{0}" is there already. Replace it?', local);
  if (there !== undefined && !(await confirm(question, vscode.l10n.t('Replace')))) {
    return;
  }
  const title = vscode.l10n.t('Downloading {0} from {1}', name, target.container.name);
  const { bytes, skipped } = await withTransferProgress(title, (report, signal) =>
    downloadTo(files, remotePath, local, { ...report, signal }),
  );
  if (skipped.count === 0) {
    showInformation(
      vscode.l10n.t('Downloaded {0} ({1}) from {2}.', name, sizeText(bytes), target.container.name),
    );
  } else {
    showWarning(
      vscode.l10n.t(
        'Downloaded {0}, without {1} that could not be taken, such as: {2}',
        name,
        skipped.count,
        skipped.first ?? '',
      ),
    );
  }
}
