import * as vscode from 'vscode';
import type { LogTerminals } from '../terminal/logTerminals.ts';
import { ContainerGroupNode } from '../tree/containerGroupNode.ts';
import { allContainers } from './pickContainer.ts';
import { selectContainers, selectedRows, selectGroups, type TargetServices } from './target.ts';

/** "Follow Logs": shows each new line of a container's log in a terminal; of a group, of all its containers in one. */
export async function followLogs(
  args: readonly unknown[],
  services: TargetServices,
  terminals: LogTerminals,
): Promise<void> {
  const rows = selectedRows(args);
  for (const row of rows.length === 0 ? [undefined] : rows) {
    if (row instanceof ContainerGroupNode) {
      for (const group of await selectGroups([row], groupWords(), services)) {
        await terminals.followGroup(group);
      }
    } else {
      for (const { group, container } of await selectContainers([row], containerWords(), services)) {
        await terminals.followContainer(group, container);
      }
    }
  }
}

function containerWords() {
  return {
    title: vscode.l10n.t('Follow the Log of a Container'),
    titleIn: (group: string) => vscode.l10n.t('Follow the Log of a Container in {0}', group),
    offer: allContainers(),
  };
}

/** A row says which group, so nothing is picked. */
function groupWords() {
  return { title: '', offer: { isOffered: () => true, none: '' } };
}
