import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { showWarning } from '../messages/notify.ts';
import { BranchNode } from '../tree/branchNode.ts';
import { ContainerGroupNode } from '../tree/containerGroupNode.ts';
import { ContainerNode } from '../tree/containerNode.ts';
import { selectedRows, selectGroups, type TargetServices } from './target.ts';

/** What can be copied of a row. */
export type Copied = 'resourceId' | 'name' | 'ipAddress' | 'fqdn' | 'image';

/** Copies one thing of each row, one a line. Without a row, as from the palette, the user picks a group that has it. */
export async function copy(what: Copied, args: readonly unknown[], services: TargetServices): Promise<void> {
  const rows = selectedRows(args);
  const texts =
    rows.length === 0
      ? (await selectGroups([], wordsOf(what), services)).map((group) => valuesOfGroup(group)[what])
      : rows.map((row) => valuesOfRow(row, services)[what]);
  const found = texts.filter((text) => text !== undefined);
  if (found.length > 0) {
    await vscode.env.clipboard.writeText(found.join('\n'));
  } else if (texts.length > 0) {
    showWarning(vscode.l10n.t('There is nothing to copy. Refresh the view, then try again.'));
  }
}

type Values = Readonly<Partial<Record<Copied, string | undefined>>>;

function valuesOfRow(row: unknown, { inventory }: TargetServices): Values {
  if (row instanceof BranchNode) {
    return { resourceId: row.resourceId, name: row.branch.label };
  }
  if (row instanceof ContainerNode) {
    const { id, name, image } = row.container;
    return { resourceId: id, name, image };
  }
  if (row instanceof ContainerGroupNode) {
    const group = inventory.known(row.id);
    return group === undefined ? { resourceId: row.id, name: row.summary.name } : valuesOfGroup(group);
  }
  return {};
}

function valuesOfGroup({ id, name, ipAddress }: ContainerGroup): Values {
  return { resourceId: id, name, ipAddress: ipAddress?.ip, fqdn: ipAddress?.fqdn };
}

function wordsOf(what: Copied): Parameters<typeof selectGroups>[1] {
  const isOffered = (group: ContainerGroup) => valuesOfGroup(group)[what] !== undefined;
  switch (what) {
    case 'ipAddress':
      return {
        title: vscode.l10n.t('Copy IP Address'),
        offer: { isOffered, none: vscode.l10n.t('No container group has an IP address') },
      };
    case 'fqdn':
      return {
        title: vscode.l10n.t('Copy FQDN'),
        offer: { isOffered, none: vscode.l10n.t('No container group has an FQDN') },
      };
    default:
      return {
        title: vscode.l10n.t('Copy Resource ID'),
        offer: { isOffered, none: vscode.l10n.t('There is no container group') },
      };
  }
}
