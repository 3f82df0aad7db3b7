import * as vscode from 'vscode';
import { isRunning, type ContainerGroupSummary } from '../../azure/containerGroups.ts';
import type { Inventory } from '../../azure/inventory.ts';
import { explainFailure } from '../problems.ts';
import { ContainerNode } from './containerNode.ts';
import type { Node } from './node.ts';
import { containerGroupIcon } from './stateIcon.ts';

/** A container group with its containers, init containers first as they run first. */
export class ContainerGroupNode implements Node {
  readonly id: string;
  readonly summary: ContainerGroupSummary;
  private readonly inventory: Inventory;

  constructor(summary: ContainerGroupSummary, inventory: Inventory) {
    this.id = summary.id;
    this.summary = summary;
    this.inventory = inventory;
  }

  treeItem(): vscode.TreeItem {
    const { summary } = this;
    const group = this.inventory.known(summary.id);
    const item = new vscode.TreeItem(summary.name, vscode.TreeItemCollapsibleState.Collapsed);
    const state = group?.state ?? group?.provisioningState ?? vscode.l10n.t('state unknown');
    item.id = this.id;
    const failure = this.inventory.groupFailure(summary.id);
    const reason = failure === undefined ? [] : [explainFailure(failure)];
    item.description = [summary.resourceGroup, summary.location, ...reason].filter(Boolean).join(' · ');
    item.iconPath = containerGroupIcon(group);
    item.tooltip = [
      summary.name,
      state,
      ...reason,
      vscode.l10n.t('Resource group: {0}', summary.resourceGroup),
      vscode.l10n.t('Location: {0}', summary.location),
      ...(group === undefined || group.osType === ''
        ? []
        : [vscode.l10n.t('Operating system: {0}', group.osType)]),
    ].join('\n');
    item.accessibilityInformation = {
      label: vscode.l10n.t(
        'Container group {0}, {1}, resource group {2}, {3}',
        summary.name,
        state,
        summary.resourceGroup,
        summary.location,
      ),
    };
    const mayRun = group === undefined || group.containers.some(isRunning);
    item.contextValue = `containerGroup.${mayRun ? 'running' : 'ended'}`;
    return item;
  }

  look(): string {
    const { inventory, summary } = this;
    return JSON.stringify([inventory.known(summary.id), inventory.groupFailure(summary.id)]);
  }

  async children(signal: AbortSignal): Promise<readonly Node[]> {
    const group = await this.inventory.containerGroup(this.summary.id, signal);
    return [
      ...group.initContainers.map((container) => new ContainerNode(group, container, true)),
      ...group.containers.map((container) => new ContainerNode(group, container, false)),
    ];
  }
}
