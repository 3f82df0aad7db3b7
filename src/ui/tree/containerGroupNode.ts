import * as vscode from 'vscode';
import type { ContainerGroup, ContainerGroupSummary } from '../../azure/containerGroups.ts';
import { publicAddresses } from '../../azure/publicAddresses.ts';
import type { Usage } from '../../azure/resourceManager/metricOperations.ts';
import { groupVerdict } from '../../azure/verdict.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { progressText } from '../messages/operations.ts';
import { explainFailure } from '../messages/problems.ts';
import { explainVerdict } from '../messages/verdicts.ts';
import { ContainerNode } from './containerNode.ts';
import { costFacts, groupFacts, usageFacts } from './groupFacts.ts';
import { eventsNodes } from './eventsNode.ts';
import type { Node } from './node.ts';
import { containerGroupIcon } from './stateIcon.ts';
import { tooltip } from './tooltip.ts';

/** A container group with its containers, init containers first as they run first. */
export class ContainerGroupNode implements Node {
  readonly id: string;
  readonly summary: ContainerGroupSummary;
  private readonly inventory: Inventory;
  private readonly forwardsOf: (containerId: string) => readonly Node[];

  /** `forwardsOf` gives the rows of a container's forwarded ports. */
  constructor(
    summary: ContainerGroupSummary,
    inventory: Inventory,
    forwardsOf: (containerId: string) => readonly Node[] = () => [],
  ) {
    this.id = summary.id;
    this.summary = summary;
    this.inventory = inventory;
    this.forwardsOf = forwardsOf;
  }

  /** The row without its tooltip, which is made when it is asked for: see {@link tooltip}. */
  treeItem(): vscode.TreeItem {
    const { summary } = this;
    const group = this.inventory.known(summary.id);
    const item = new vscode.TreeItem(summary.name, vscode.TreeItemCollapsibleState.Collapsed);
    const { state, reason } = this.stateTexts();
    item.id = this.id;
    // The first word is all that a narrow sidebar shows.
    const verb = this.inventory.operations.on(summary.id);
    const notable =
      verb === undefined
        ? group?.state === undefined || group.state === 'Running'
          ? ''
          : group.state
        : progressText(verb);
    item.description = [reason, notable, summary.resourceGroup, summary.location].filter(Boolean).join(' · ');
    item.iconPath = verb === undefined ? containerGroupIcon(group) : new vscode.ThemeIcon('loading~spin');
    item.accessibilityInformation = {
      label: vscode.l10n.t(
        'Container group {0}, {1}, resource group {2}, {3}',
        summary.name,
        verb === undefined ? state : progressText(verb),
        summary.resourceGroup,
        summary.location,
      ),
    };
    const stateWord = verb === undefined ? contextState(group) : 'changing';
    item.contextValue = ['containerGroup', stateWord, ...contextAddresses(group)].join('.');
    return item;
  }

  /** All that is known of the group, and what its containers used where Azure Monitor tells. */
  tooltip(usage: Usage | undefined): vscode.MarkdownString {
    const { summary } = this;
    const group = this.inventory.known(summary.id);
    const { state, reason } = this.stateTexts();
    return tooltip(summary.name, [
      [
        '',
        group === undefined ? '' : explainVerdict(groupVerdict(group), vscode.l10n.t('This container group')),
      ],
      [vscode.l10n.t('State'), [state, reason].filter(Boolean).join(', ')],
      ...(usage === undefined ? [] : usageFacts(usage)),
      ...(group === undefined ? [] : groupFacts(group, new Date())),
      [vscode.l10n.t('Operating system'), group?.osType ?? ''],
      [vscode.l10n.t('Resource group'), summary.resourceGroup],
      [vscode.l10n.t('Location'), summary.location],
      ...(group === undefined ? [] : costFacts(group)),
    ]);
  }

  private stateTexts(): { readonly state: string; readonly reason: string } {
    const group = this.inventory.known(this.summary.id);
    const failure = this.inventory.groupFailure(this.summary.id);
    return {
      state: group?.state ?? group?.provisioningState ?? vscode.l10n.t('state unknown'),
      reason: failure === undefined ? '' : explainFailure(failure),
    };
  }

  fingerprint(): string {
    const { inventory, summary } = this;
    return JSON.stringify([
      inventory.known(summary.id),
      inventory.groupFailure(summary.id),
      inventory.operations.on(summary.id),
    ]);
  }

  async children(signal: AbortSignal): Promise<readonly Node[]> {
    const group = await this.inventory.containerGroup(this.summary.id, signal);
    return [
      ...group.initContainers.map((container) => new ContainerNode(group, container, true)),
      ...group.containers.map(
        (container) => new ContainerNode(group, container, false, this.forwardsOf(container.id)),
      ),
      ...eventsNodes(group.id, group),
    ];
  }
}

/** What a menu can tell of a group's state, in Azure's words. */
function contextState(group: ContainerGroup | undefined): string {
  const known = ['Running', 'Pending', 'Succeeded', 'Failed', 'Stopped'];
  return group?.state !== undefined && known.includes(group.state) ? group.state.toLowerCase() : 'unknown';
}

/** What a menu can tell of a group's addresses: what there is to copy, and whether a browser can open it. */
function contextAddresses(group: ContainerGroup | undefined): readonly string[] {
  return group === undefined
    ? []
    : [
        ...(group.ipAddress?.ip === undefined ? [] : ['ip']),
        ...(group.ipAddress?.fqdn === undefined ? [] : ['fqdn']),
        ...(publicAddresses(group).length === 0 ? [] : ['public']),
      ];
}
