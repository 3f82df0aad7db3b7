import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { isCancellation, toAzureError } from '../../azure/errors.ts';
import type { Inventory } from '../../azure/inventory.ts';
import type { Connection } from '../connection.ts';
import type { Log } from '../log.ts';
import { explain } from '../problems.ts';
import { ContainerGroupNode } from './containerGroupNode.ts';
import { MessageNode } from './messageNode.ts';
import type { Node } from './node.ts';
import { SubscriptionNode } from './subscriptionNode.ts';

/** Up to so many subscriptions are shown unfolded. */
const unfolded = 3;

/** Which welcome text the empty view shows; the view's `when` clauses know these words. */
type ViewState = 'signedOut' | 'credentialFailed' | 'noSubscriptions' | 'filled';

/** The view `containerInstances.groups`: subscription → container group → container. */
export class GroupsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly inventory: Inventory;
  private readonly log: Log;
  private readonly view: vscode.TreeView<Node>;
  private readonly disposables: vscode.Disposable;
  /** Ends what the tree still waits for once it is refreshed or gone. */
  private current = new AbortController();

  /** The group rows on screen, by resource id, and the state each was drawn with. */
  private readonly groupNodes = new Map<string, ContainerGroupNode>();
  private readonly drawn = new WeakMap<Node, string>();

  constructor(inventory: Inventory, connection: Connection, log: Log) {
    this.inventory = inventory;
    this.log = log;
    this.view = vscode.window.createTreeView('containerInstances.groups', {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
    });
    inventory.onGroup = (group) => this.showState(group);
    this.disposables = vscode.Disposable.from(
      this.changed,
      this.view,
      connection.onDidChange(() => {
        this.inventory.reset();
        this.redraw();
      }),
    );
  }

  /** Asks Azure anew; what is shown stays until the answers are there. */
  refresh(): void {
    this.inventory.refresh();
    this.redraw();
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node instanceof ContainerGroupNode) {
      this.drawn.set(node, JSON.stringify(this.inventory.known(node.summary.id)));
    }
    return node.treeItem();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    const { signal } = this.current;
    if (node === undefined) {
      return this.roots(signal);
    }
    try {
      const children = await node.children(signal);
      const groups = children.filter((child) => child instanceof ContainerGroupNode);
      for (const group of groups) {
        this.groupNodes.set(group.summary.id, group);
      }
      void this.loadStates(groups, signal);
      return [...children];
    } catch (error) {
      return this.failed(error, node.treeItem().id ?? '');
    }
  }

  private async roots(signal: AbortSignal): Promise<Node[]> {
    try {
      const subscriptions = await this.inventory.subscriptions(signal);
      this.show(subscriptions.length === 0 ? 'noSubscriptions' : 'filled');
      return subscriptions.map(
        (subscription) =>
          new SubscriptionNode(subscription, this.inventory, subscriptions.length <= unfolded),
      );
    } catch (error) {
      if (isCancellation(error)) {
        return [];
      }
      const { kind } = toAzureError(error).problem;
      if (kind === 'notSignedIn' || kind === 'credential') {
        this.log.error('No token', error);
        this.show(kind === 'notSignedIn' ? 'signedOut' : 'credentialFailed', explain(error));
        return [];
      }
      return this.failed(error, 'root');
    }
  }

  /** The welcome text and, above the tree, the reason why it is empty. */
  private show(state: ViewState, message?: string): void {
    this.view.message = state === 'credentialFailed' ? (message ?? '') : '';
    void vscode.commands.executeCommand('setContext', 'containerInstances.viewState', state);
  }

  private failed(error: unknown, parentId: string): Node[] {
    if (isCancellation(error)) {
      return [];
    }
    this.log.error('Listing failed', error);
    return [new MessageNode(parentId, explain(error), 'error')];
  }

  /** Asks for the states of groups that have come into view, a few at a time; each is shown as it arrives. */
  private async loadStates(groups: readonly ContainerGroupNode[], signal: AbortSignal): Promise<void> {
    await Promise.all(
      groups.map(async ({ summary }) => {
        try {
          await this.inventory.containerGroup(summary.id, signal);
        } catch (error) {
          if (!isCancellation(error)) {
            this.log.error(`No state of ${summary.name}`, error);
          }
        }
      }),
    );
  }

  /** Redraws a group whose state differs from the one on screen: while it is redrawn, its rows take no command. */
  private showState(group: ContainerGroup): void {
    const node = this.groupNodes.get(group.id);
    if (node !== undefined && this.drawn.get(node) !== JSON.stringify(group)) {
      this.changed.fire(node);
    }
  }

  private redraw(): void {
    this.current.abort();
    this.current = new AbortController();
    this.groupNodes.clear();
    this.changed.fire(undefined);
  }

  dispose(): void {
    this.current.abort();
    this.disposables.dispose();
  }
}
