import * as vscode from 'vscode';
import type { Branch } from '../../inventory/arrangement.ts';
import type { ContainerGroupSummary } from '../../azure/containerGroups.ts';
import { explainFailure } from '../messages/problems.ts';
import type { ContainerGroupNode } from './containerGroupNode.ts';
import { MessageNode } from './messageNode.ts';
import type { Node } from './node.ts';
import { ShowMoreNode } from './showMoreNode.ts';
import { tooltip } from './tooltip.ts';

/** How many groups are shown at a time: thousands of rows at once would freeze the workbench. */
const pageSize = 100;

const icons = { subscription: 'key', resourceGroup: 'folder', location: 'globe' };

/** A subscription, resource group or location with its container groups. */
export class BranchNode implements Node {
  readonly id: string;
  branch: Branch;
  private readonly expanded: boolean;
  private readonly nodeOf: (group: ContainerGroupSummary) => ContainerGroupNode;
  private shown = pageSize;

  constructor(
    branch: Branch,
    expanded: boolean,
    nodeOf: (group: ContainerGroupSummary) => ContainerGroupNode,
  ) {
    this.id = branch.id;
    this.branch = branch;
    this.expanded = expanded;
    this.nodeOf = nodeOf;
  }

  treeItem(): vscode.TreeItem {
    const { kind, label, entry } = this.branch;
    const item = new vscode.TreeItem(
      label,
      this.expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
    );
    const failure = entry?.failure === undefined ? undefined : explainFailure(entry.failure);
    const isDisabled = entry?.subscription.state === 'Disabled';
    item.id = this.id;
    item.description = failure ?? (isDisabled ? vscode.l10n.t('disabled') : '');
    item.iconPath = new vscode.ThemeIcon(failure === undefined ? icons[kind] : 'warning');
    item.tooltip = tooltip(label, [
      [vscode.l10n.t('Subscription'), entry?.subscription.subscriptionId ?? ''],
      [vscode.l10n.t('Problem'), failure ?? ''],
    ]);
    const name = entry === undefined ? label : vscode.l10n.t('Subscription {0}', label);
    item.accessibilityInformation = { label: failure === undefined ? name : `${name}, ${failure}` };
    item.contextValue = kind;
    return item;
  }

  fingerprint(): string {
    const { label, entry } = this.branch;
    return JSON.stringify([
      label,
      entry?.subscription.state,
      entry?.failure,
      this.shownGroups().map(({ id }) => id),
      this.branch.groups.length,
    ]);
  }

  children(): Promise<readonly Node[]> {
    const { groups, entry } = this.branch;
    const rest = groups.length - this.shown;
    const none =
      groups.length > 0
        ? []
        : entry?.failure === undefined
          ? [new MessageNode(this.id, vscode.l10n.t('No container groups'), 'info')]
          : [new MessageNode(this.id, explainFailure(entry.failure), 'error')];
    return Promise.resolve([
      ...this.shownGroups().map(this.nodeOf),
      ...(rest > 0 ? [new ShowMoreNode(this, rest)] : none),
    ]);
  }

  /** The resource id of the subscription or resource group; undefined for a location, which is no resource. */
  get resourceId(): string | undefined {
    switch (this.branch.kind) {
      case 'subscription':
        return this.id;
      case 'resourceGroup':
        return this.id.slice('resourceGroup:'.length);
      case 'location':
        return undefined;
    }
  }

  /** The groups that have a row. */
  shownGroups(): readonly ContainerGroupSummary[] {
    return this.branch.groups.slice(0, this.shown);
  }

  showMore(): void {
    this.shown += pageSize;
  }

  /** The subscriptions whose groups are below. */
  subscriptionIds(): readonly string[] {
    const { entry, groups } = this.branch;
    return entry === undefined
      ? [...new Set(groups.map(({ subscriptionId }) => subscriptionId))]
      : [entry.subscription.subscriptionId];
  }
}
