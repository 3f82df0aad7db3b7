import * as vscode from 'vscode';
import type { LogDocuments } from '../documents/logDocuments.ts';
import { allContainers } from './pickContainer.ts';
import { selectContainers, type TargetServices } from './target.ts';

/** "View Logs": shows the log of each selected container as a read-only document. */
export async function viewLogs(
  args: readonly unknown[],
  services: TargetServices,
  documents: LogDocuments,
): Promise<void> {
  const words = {
    title: vscode.l10n.t('View the Log of a Container'),
    titleIn: (group: string) => vscode.l10n.t('View the Log of a Container in {0}', group),
    offer: allContainers(),
  };
  for (const { group, container } of await selectContainers(args, words, services)) {
    await documents.show(group, container);
  }
}
