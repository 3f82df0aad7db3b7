import * as vscode from 'vscode';
import type { StateDocuments } from '../documents/stateDocuments.ts';
import { ContainerGroupNode } from '../tree/containerGroupNode.ts';
import { allContainers } from './pickContainer.ts';
import { selectContainers, selectedRows, type TargetServices } from './target.ts';

/** "Explain State": says why each selected container or group is as it is, and what can be done about it. */
export async function explainState(
  args: readonly unknown[],
  services: TargetServices,
  documents: StateDocuments,
): Promise<void> {
  const words = {
    title: vscode.l10n.t('Explain the State of a Container'),
    titleIn: (group: string) => vscode.l10n.t('Explain the State of a Container in {0}', group),
    offer: allContainers(),
  };
  const rows = selectedRows(args);
  for (const row of rows.length === 0 ? [undefined] : rows) {
    if (row instanceof ContainerGroupNode) {
      await documents.show(row.id);
    } else {
      for (const { container } of await selectContainers([row], words, services)) {
        await documents.show(container.id);
      }
    }
  }
}
