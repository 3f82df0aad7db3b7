import * as vscode from 'vscode';
import { isSameId } from '../../azure/resourceIds.ts';
import { isCancellation } from '../../base/cancellation.ts';
import { DisposableStore } from '../../base/disposableStore.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { usageFreshMs, type RecentUsage } from '../../inventory/recentUsage.ts';
import { withSignal } from '../cancellation.ts';
import { dropFiles } from '../files/dropFiles.ts';
import type { Log } from '../log.ts';
import { oneLine, plainText } from '../messages/plainText.ts';
import { explain } from '../messages/problems.ts';
import type { ForwardedPort, PortForwards } from '../ports/portForwards.ts';
import { arrangementSettings, changesArrangement, ignoredSettings } from '../settings.ts';
import { BranchNode } from './branchNode.ts';
import { ContainerGroupNode } from './containerGroupNode.ts';
import { ContainerNode } from './containerNode.ts';
import { ForwardedPortNode } from './forwardedPortNode.ts';
import { MessageNode } from './messageNode.ts';
import type { Node } from './node.ts';
import { NodeCache } from './nodeCache.ts';
import { rootNodes } from './rootNodes.ts';
import { Unfolding } from './unfolding.ts';
import { loadingState, viewStateOf, type ViewState } from './viewState.ts';

/** Changes that come in quick succession are drawn together, in milliseconds. */
const redrawMs = 100;

/** The traffic of forwarded ports is drawn no more often, in milliseconds. */
const trafficMs = 1_000;

/**
 * The view `containerInstances.groups`: branch → container group → container. It draws what the inventory knows, and a
 * row again only when it has changed: while VS Code redraws a row, the rows below it take no command.
 */
export class GroupsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly inventory: Inventory;
  private readonly usage: RecentUsage;
  private readonly log: Log;
  private readonly forwards: PortForwards;
  private readonly disposables = new DisposableStore();
  private readonly changed = this.disposables.add(new vscode.EventEmitter<Node | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<Node>;
  private readonly cache: NodeCache;
  private readonly unfolding = new Unfolding();
  /** Ends what rows wait for when account or cloud change. */
  private current = new AbortController();
  private filterText = '';
  private redrawTimer: NodeJS.Timeout | undefined;
  private trafficTimer: NodeJS.Timeout | undefined;
  private readonly forwardNodes = new WeakMap<ForwardedPort, ForwardedPortNode>();
  /** Of the tooltips with figures: they end with those. */
  private readonly tooltipTimers = new Set<NodeJS.Timeout>();
  /** As arranged last; undefined where that holds no more. */
  private roots: readonly Node[] | undefined;
  /** The ids of the first level as drawn last; undefined until the view is open. */
  private rootsDrawn: readonly string[] | undefined;
  /** What each row was last drawn with. */
  private readonly drawn = new WeakMap<Node, string>();

  constructor(inventory: Inventory, usage: RecentUsage, log: Log, forwards: PortForwards) {
    this.inventory = inventory;
    this.usage = usage;
    this.log = log;
    this.forwards = forwards;
    this.cache = new NodeCache(inventory, (id) => forwards.of(id).map((each) => this.forwardNode(each)));
    this.view = this.disposables.add(
      vscode.window.createTreeView('containerInstances.groups', {
        treeDataProvider: this,
        showCollapseAll: true,
        canSelectMany: true,
        dragAndDropController: dropFiles,
      }),
    );
    for (const listener of [
      inventory.onDidChange(() => this.inventoryChanged()),
      inventory.onDidChangeGroup((id) => this.redrawGroup(id)),
      inventory.onDidForgetGroup((id) => this.usage.forget(id)),
      inventory.onDidReset(() => this.reset()),
      this.view.onDidChangeVisibility(() => {
        this.watch();
        this.drawTraffic();
      }),
      forwards.onDidChange((groupId) => this.forwardsChanged(groupId)),
      forwards.onDidChangeTraffic(() => this.drawTraffic()),
      this.view.onDidExpandElement(({ element }) => this.fold(element, true)),
      this.view.onDidCollapseElement(({ element }) => this.fold(element, false)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (changesArrangement(event)) {
          this.rearrange();
        }
      }),
    ]) {
      this.disposables.add(listener);
    }
  }

  /** Only container groups that match this text are shown; all where it is empty. */
  get filter(): string {
    return this.filterText;
  }

  set filter(text: string) {
    this.filterText = text.trim();
    void vscode.commands.executeCommand('setContext', 'containerInstances.filtered', this.filterText !== '');
    this.rearrange();
  }

  /** The rows that are selected. */
  get selection(): readonly Node[] {
    return this.view.selection;
  }

  /** Unfolds the container of a forwarded port, where the view is open. */
  async reveal({ target }: ForwardedPort): Promise<void> {
    if (this.view.visible && this.cache.group(target.group.id) !== undefined) {
      const row = new ContainerNode(target.group, target.container, false);
      await this.view.reveal(row, { select: false, focus: false, expand: true });
    }
  }

  getParent(node: Node): Node | undefined {
    if (node instanceof ContainerNode) {
      return this.cache.group(node.group.id);
    }
    return node instanceof ContainerGroupNode
      ? this.arranged().find(
          (root) => root instanceof BranchNode && root.shownGroups().some(({ id }) => isSameId(id, node.id)),
        )
      : undefined;
  }

  private forwardNode(forwarded: ForwardedPort): ForwardedPortNode {
    const node = this.forwardNodes.get(forwarded) ?? new ForwardedPortNode(forwarded);
    this.forwardNodes.set(forwarded, node);
    return node;
  }

  private forwardsChanged(groupId: string): void {
    const node = this.cache.group(groupId);
    if (node !== undefined && this.drawn.has(node)) {
      this.changed.fire(node);
    }
  }

  /** Draws the traffic of forwarded ports after a while, where the view is open. */
  private drawTraffic(): void {
    if (this.view.visible) {
      this.trafficTimer ??= setTimeout(() => {
        this.trafficTimer = undefined;
        this.forwards.all.forEach((each) => this.redrawIfChanged(this.forwardNode(each)));
      }, trafficMs);
    }
  }

  /** Shows the next page of a branch. */
  showMore(branch: BranchNode): void {
    branch.showMore();
    this.changed.fire(branch);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    this.drawn.set(node, node.fingerprint());
    const item = node.treeItem();
    if (typeof item.label === 'string') {
      item.label = plainText(item.label);
    }
    if (typeof item.description === 'string') {
      item.description = plainText(item.description);
    }
    if (typeof item.tooltip === 'string') {
      item.tooltip = plainText(item.tooltip);
    }
    if (item.accessibilityInformation !== undefined) {
      item.accessibilityInformation = { label: oneLine(item.accessibilityInformation.label) };
    }
    return item;
  }

  /** Makes a container group's tooltip when it is to be shown: only then are figures asked for. */
  async resolveTreeItem(
    item: vscode.TreeItem,
    node: Node,
    token: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    if (node instanceof ContainerGroupNode) {
      const usage = await withSignal(token, (signal) => this.usageOf(node, signal));
      item.tooltip = node.tooltip(usage);
      if (usage !== undefined) {
        this.renewTooltip(node);
      }
    }
    return item;
  }

  private usageOf(node: ContainerGroupNode, signal: AbortSignal): ReturnType<RecentUsage['of']> {
    return this.usage.of(node.id, signal, (error) => this.log.warn(`No figures of ${node.id}`, error));
  }

  /** VS Code keeps a tooltip until its row is drawn again. */
  private renewTooltip(node: ContainerGroupNode): void {
    const timer = setTimeout(() => {
      this.tooltipTimers.delete(timer);
      if (this.cache.group(node.id) === node) {
        this.changed.fire(node);
      }
    }, usageFreshMs);
    this.tooltipTimers.add(timer);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return [...(await this.firstLevel())];
    }
    try {
      const children = (await node.children?.(this.current.signal)) ?? [];
      if (node instanceof BranchNode) {
        this.watch();
      }
      return [...children];
    } catch (error) {
      if (isCancellation(error)) {
        return [];
      }
      this.log.error(`Listing ${node.id} failed`, error);
      return [new MessageNode(node.id, explain(error), 'error')];
    }
  }

  /** What is known; the first time, as soon as there is something to show. */
  private async firstLevel(): Promise<readonly Node[]> {
    const { signal } = this.current;
    const loaded = this.inventory.load().catch((error: unknown) => {
      if (!isCancellation(error)) {
        this.log.error('Listing failed', error);
      }
    });
    if (this.arranged().length === 0) {
      this.showState(loadingState);
      await vscode.window.withProgress({ location: { viewId: 'containerInstances.groups' } }, () =>
        this.firstRows(loaded),
      );
    }
    if (signal.aborted) {
      return []; // another account or cloud: the view is asking again already
    }
    const nodes = this.arranged();
    this.rootsDrawn = nodes.map(({ id }) => id);
    this.showState(viewStateOf(this.inventory, nodes.length > 0, this.filter, ignoredSettings()));
    return nodes;
  }

  /** Resolves once there is a row to show, or nothing more to come. */
  private async firstRows(loaded: Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const listener = this.inventory.onDidChange(() => {
      if (this.arranged().length > 0) {
        resolve(undefined);
      }
    });
    try {
      await Promise.race([loaded, promise]);
    } finally {
      listener.dispose();
    }
  }

  private arranged(): readonly Node[] {
    this.roots ??= rootNodes(
      this.inventory,
      { ...arrangementSettings(), filter: this.filter },
      this.cache,
      this.unfolding,
    );
    return this.roots;
  }

  private inventoryChanged(): void {
    this.roots = undefined;
    if (this.inventory.isLoading()) {
      this.redrawTimer ??= setTimeout(() => this.redraw(), redrawMs);
    } else {
      this.redraw();
    }
  }

  private rearrange(): void {
    this.roots = undefined;
    this.redraw();
  }

  /** Draws what differs from the screen, and nothing else. */
  private redraw(): void {
    clearTimeout(this.redrawTimer);
    this.redrawTimer = undefined;
    if (this.rootsDrawn === undefined) {
      return; // the view has not been open yet
    }
    const nodes = this.arranged();
    if (nodes.map(({ id }) => id).join() !== this.rootsDrawn.join()) {
      this.changed.fire(undefined);
      return;
    }
    nodes.forEach((node) => this.redrawIfChanged(node));
    this.showState(viewStateOf(this.inventory, nodes.length > 0, this.filter, ignoredSettings()));
    this.watch();
  }

  private redrawGroup(id: string): void {
    const node = this.cache.group(id);
    if (node !== undefined) {
      this.redrawIfChanged(node);
    }
  }

  private redrawIfChanged(node: Node): void {
    if (this.drawn.has(node) && this.drawn.get(node) !== node.fingerprint()) {
      this.changed.fire(node);
    }
  }

  private fold(node: Node, isUnfolded: boolean): void {
    if (node instanceof BranchNode) {
      this.unfolding.set(node.id, isUnfolded);
      this.watch();
    }
  }

  /** Tells the inventory which groups are on screen; the branch unfolded last comes first. */
  private watch(): void {
    const branches = this.arranged().filter((node) => node instanceof BranchNode);
    const shown = this.view.visible ? this.unfolding.ofUnfolded(branches) : [];
    this.inventory.watch(shown.flatMap((branch) => branch.shownGroups().map(({ id }) => id)));
  }

  private showState({ welcome, message }: ViewState): void {
    this.view.description = this.filter;
    this.view.message = plainText(message);
    void vscode.commands.executeCommand('setContext', 'containerInstances.viewState', welcome);
  }

  private reset(): void {
    this.current.abort();
    this.current = new AbortController();
    this.roots = undefined;
    this.cache.clear();
    this.usage.clear();
    this.changed.fire(undefined);
  }

  dispose(): void {
    clearTimeout(this.redrawTimer);
    clearTimeout(this.trafficTimer);
    this.tooltipTimers.forEach((timer) => clearTimeout(timer));
    this.current.abort();
    this.disposables.dispose();
  }
}
