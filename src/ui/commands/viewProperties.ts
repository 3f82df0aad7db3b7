import * as vscode from 'vscode';
import { isSameId } from '../../azure/resourceIds.ts';
import type { PropertiesDocuments } from '../documents/propertiesDocuments.ts';
import { ContainerNode } from '../tree/containerNode.ts';
import { allGroups } from './pickGroup.ts';
import { selectedRows, selectGroups, withViewProgress, type TargetServices } from './target.ts';

/** Shows the properties of each group as a document, at the container whose row it is. */
export async function viewProperties(
  args: readonly unknown[],
  services: TargetServices,
  documents: PropertiesDocuments,
): Promise<void> {
  const title = vscode.l10n.t('View Properties');
  const containers = selectedRows(args).filter((row) => row instanceof ContainerNode);
  for (const group of await selectGroups(args, { title, offer: allGroups() }, services)) {
    const row = containers.find((node) => isSameId(node.group.id, group.id));
    await withViewProgress((signal) => documents.show(group, row?.container.name, signal));
  }
}
