import * as vscode from 'vscode';
import type { Inventory } from '../../azure/inventory.ts';
import type { Subscription } from '../../azure/resourceManager.ts';
import { ContainerGroupNode } from './containerGroupNode.ts';
import { MessageNode } from './messageNode.ts';
import type { Node } from './node.ts';

/** A subscription with its container groups. */
export class SubscriptionNode implements Node {
  private readonly subscription: Subscription;
  private readonly inventory: Inventory;
  private readonly expanded: boolean;

  constructor(subscription: Subscription, inventory: Inventory, expanded: boolean) {
    this.subscription = subscription;
    this.inventory = inventory;
    this.expanded = expanded;
  }

  private get id(): string {
    return `/subscriptions/${this.subscription.subscriptionId}`;
  }

  treeItem(): vscode.TreeItem {
    const { displayName, subscriptionId } = this.subscription;
    const item = new vscode.TreeItem(
      displayName,
      this.expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
    );
    item.id = this.id;
    item.iconPath = new vscode.ThemeIcon('key');
    item.tooltip = `${displayName}\n${subscriptionId}`;
    item.accessibilityInformation = { label: vscode.l10n.t('Subscription {0}', displayName) };
    item.contextValue = 'subscription';
    return item;
  }

  async children(signal: AbortSignal): Promise<readonly Node[]> {
    const groups = await this.inventory.containerGroups(this.subscription.subscriptionId, signal);
    return groups.length === 0
      ? [new MessageNode(this.id, vscode.l10n.t('No container groups'), 'info')]
      : groups.map((group) => new ContainerGroupNode(group, this.inventory));
  }
}
