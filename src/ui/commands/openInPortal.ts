import * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import { BranchNode } from '../tree/branchNode.ts';
import { openPortalPage } from './openPortalPage.ts';
import { allGroups } from './pickGroup.ts';
import { selectedRows, selectGroups, type TargetServices } from './target.ts';

/** Opens each row's resource in the portal of its cloud, as the tenant that lists it; a container has its group's page. */
export async function openInPortal(
  args: readonly unknown[],
  azure: () => Promise<AzureClient>,
  services: TargetServices,
): Promise<void> {
  for (const id of await selectResourceIds(args, services)) {
    await openPortalPage(id, azure);
  }
}

/** The resources of the rows; a link of the properties passes a resource id itself. */
async function selectResourceIds(
  args: readonly unknown[],
  services: TargetServices,
): Promise<readonly string[]> {
  const rows = selectedRows(args);
  const ids = rows.flatMap((row) =>
    typeof row === 'string' ? [row] : row instanceof BranchNode ? (row.resourceId ?? []) : [],
  );
  const others = rows.filter((row) => typeof row !== 'string' && !(row instanceof BranchNode));
  if (rows.length > 0 && others.length === 0) {
    return ids;
  }
  const words = { title: vscode.l10n.t('Open in Portal'), offer: allGroups() };
  const groups = await selectGroups([others[0], others], words, services);
  return [...ids, ...groups.map(({ id }) => id)];
}
