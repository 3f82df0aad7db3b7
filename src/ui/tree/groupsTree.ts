import * as vscode from 'vscode';
import { arrange, type Arrangement, type Branch } from '../../azure/arrangement.ts';
import { AzureError, isCancellation, toAzureError, type AzureProblem } from '../../azure/errors.ts';
import type { FailedSignIn, Inventory } from '../../azure/inventory.ts';
import type { Connection } from '../connection.ts';
import type { Log } from '../log.ts';
import { explain } from '../problems.ts';
import { arrangementSettings, changesArrangement } from '../settings.ts';
import { actionsFor } from './actionNode.ts';
import { BranchNode } from './branchNode.ts';
import { ContainerGroupNode } from './containerGroupNode.ts';
import { failedSignInId, FailedSignInNode } from './failedSignInNode.ts';
import { MessageNode } from './messageNode.ts';
import type { Node } from './node.ts';

/** Changes that come in quick succession are drawn together, in milliseconds. */
const redrawMs = 100;

/** Up to so many branches are shown unfolded. */
const unfolded = 3;

/** Which welcome text the empty view shows; the view's `when` clauses know these words. Below a message there is none. */
type ViewState = 'loading' | 'signedOut' | 'failed' | 'noSubscriptions' | 'noGroups' | 'filled';

/**
 * The view `containerInstances.groups`: branch → container group → container. It draws what the inventory knows, and a
 * row anew only when it has changed: while VS Code redraws a row, the rows below it take no command.
 */
export class GroupsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly inventory: Inventory;
  private readonly log: Log;
  private readonly view: vscode.TreeView<Node>;
  private readonly disposables: vscode.Disposable;
  private filter = '';
  private redrawTimer: NodeJS.Timeout | undefined;
  /** Ends what rows wait for when account or cloud change. */
  private current = new AbortController();

  /** The rows by their id: VS Code knows a row by its object, so an object stays as long as its row. */
  private readonly nodes = new Map<string, BranchNode | ContainerGroupNode | FailedSignInNode>();
  /** As arranged last; undefined where that holds no more. */
  private roots: readonly Node[] | undefined;
  private rootsDrawn: readonly string[] | undefined;
  /** What each row was last drawn with. */
  private readonly drawn = new WeakMap<Node, string>();
  /** By the branch's id: which unfolding it was, 0 for one that was never folded; undefined for one that is folded. */
  private readonly unfoldings = new Map<string, number | undefined>();
  private lastUnfolding = 0;

  constructor(inventory: Inventory, connection: Connection, log: Log) {
    this.inventory = inventory;
    this.log = log;
    this.view = vscode.window.createTreeView('containerInstances.groups', {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
    });
    inventory.onGroup = (id) => this.drawGroup(id);
    inventory.onFallback = (error) =>
      log.error('Resource Graph gave no answer; listing each subscription', error);
    this.disposables = vscode.Disposable.from(
      this.changed,
      this.view,
      inventory.onDidChange(() => {
        this.roots = undefined;
        if (inventory.isLoading()) {
          this.redrawSoon();
        } else {
          this.redraw();
        }
      }),
      this.view.onDidChangeVisibility(() => this.watch()),
      this.view.onDidExpandElement(({ element }) => this.fold(element, true)),
      this.view.onDidCollapseElement(({ element }) => this.fold(element, false)),
      connection.onDidChange(() => this.reset()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (changesArrangement(event)) {
          this.roots = undefined;
          this.redraw();
        }
      }),
    );
  }

  /** Asks Azure anew for everything, or for what is below a row; what is shown stays until the answer is there. */
  async refresh(row?: unknown): Promise<void> {
    try {
      if (row instanceof ContainerGroupNode) {
        this.inventory.refreshGroup(row.summary.id);
      } else if (row instanceof BranchNode) {
        await this.progress(
          Promise.all(row.subscriptionIds().map((id) => this.inventory.refreshSubscription(id))),
        );
      } else {
        await this.progress(this.inventory.refresh());
        this.redraw();
      }
    } catch (error) {
      this.failed(error);
    }
  }

  /** Shows only what matches. */
  setFilter(text: string): void {
    this.filter = text.trim();
    void vscode.commands.executeCommand('setContext', 'containerInstances.filtered', this.filter !== '');
    this.roots = undefined;
    this.redraw();
  }

  currentFilter(): string {
    return this.filter;
  }

  /** Shows the next page of a branch. */
  showMore(branch: BranchNode): void {
    branch.showMore();
    this.changed.fire(branch);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    this.drawn.set(node, node.look());
    return node.treeItem();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return this.rootsToDraw();
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
      this.log.error('Listing failed', error);
      return [new MessageNode(node.id, explain(error), 'error')];
    }
  }

  /** What is known; the first time, as soon as there is something to show. */
  private async rootsToDraw(): Promise<Node[]> {
    const { signal } = this.current;
    const loading = this.inventory.load();
    const ended = loading.catch((error: unknown) => this.failed(error));
    if (this.rootNodes().length === 0) {
      this.show('loading');
      await this.progress(Promise.race([ended, this.firstRows()]));
    }
    if (signal.aborted) {
      return []; // another account or cloud: the view is asking again already
    }
    const nodes = this.rootNodes();
    this.rootsDrawn = nodes.map(({ id }) => id);
    this.showState(nodes);
    return [...nodes];
  }

  /** Resolves once there is a row to show. */
  private firstRows(): Promise<void> {
    return new Promise((resolve) => {
      const listener = this.inventory.onDidChange(() => {
        if (this.rootNodes().length > 0 || !this.inventory.isLoading()) {
          listener.dispose();
          resolve();
        }
      });
    });
  }

  private rootNodes(): readonly Node[] {
    this.roots ??= this.arrangeRoots();
    return this.roots;
  }

  private arrangeRoots(): readonly Node[] {
    const entries = this.inventory.subscriptions();
    const branches = arrange(entries, this.arrangement());
    // While lists still arrive, the first branches may be few although there will be many.
    const all = entries.length <= unfolded || entries.every(({ complete }) => complete);
    const isUnfolded = all && branches.length <= unfolded;
    const branchNodes = branches.map((branch) => this.branchNode(branch, isUnfolded));
    const problem = this.problem();
    if (problem !== undefined) {
      return branches.length > 0 || problem.kind === 'notSignedIn' ? branchNodes : actionsFor(problem);
    }
    return [...branchNodes, ...this.inventory.failedSignIns().map((failed) => this.failedSignInNode(failed))];
  }

  /** Why nothing at all can be told, where that is one reason. */
  private problem(): AzureProblem | undefined {
    const error = this.inventory.error();
    if (error !== undefined) {
      return toAzureError(error).problem;
    }
    const [failure, ...others] = this.inventory.failedSignIns();
    return others.length === 0 && this.inventory.allSubscriptions().length === 0
      ? failure?.problem
      : undefined;
  }

  private arrangement(): Arrangement {
    return { ...arrangementSettings(), filter: this.filter };
  }

  private branchNode(branch: Branch, expanded: boolean): BranchNode {
    const known = this.nodes.get(branch.id);
    if (known instanceof BranchNode) {
      known.branch = branch;
      return known;
    }
    if (!this.unfoldings.has(branch.id)) {
      this.unfoldings.set(branch.id, expanded ? 0 : undefined);
    }
    const isUnfolded = this.unfoldings.get(branch.id) !== undefined;
    const node = new BranchNode(branch, isUnfolded, (group) => {
      const row = this.nodes.get(group.id);
      if (row instanceof ContainerGroupNode) {
        return row;
      }
      const made = new ContainerGroupNode(group, this.inventory);
      this.nodes.set(group.id, made);
      return made;
    });
    this.nodes.set(branch.id, node);
    return node;
  }

  private failedSignInNode(failed: FailedSignIn): FailedSignInNode {
    const id = failedSignInId(failed);
    const known = this.nodes.get(id);
    if (known instanceof FailedSignInNode) {
      known.failed = failed;
      return known;
    }
    const node = new FailedSignInNode(failed);
    this.nodes.set(id, node);
    return node;
  }

  private redrawSoon(): void {
    this.redrawTimer ??= setTimeout(() => this.redraw(), redrawMs);
  }

  /** Draws what differs from the screen, and nothing else. */
  private redraw(): void {
    clearTimeout(this.redrawTimer);
    this.redrawTimer = undefined;
    if (this.rootsDrawn === undefined) {
      return; // the view has not been open yet
    }
    const nodes = this.rootNodes();
    if (nodes.map(({ id }) => id).join() !== this.rootsDrawn.join()) {
      this.changed.fire(undefined);
      return;
    }
    for (const node of nodes) {
      if (this.drawn.has(node) && this.drawn.get(node) !== node.look()) {
        this.changed.fire(node);
      }
    }
    this.showState(nodes);
    this.watch(nodes);
  }

  private drawGroup(id: string): void {
    const node = this.nodes.get(id);
    if (node !== undefined && this.drawn.has(node) && this.drawn.get(node) !== node.look()) {
      this.changed.fire(node);
    }
  }

  private fold(node: Node, isUnfolded: boolean): void {
    if (node instanceof BranchNode) {
      this.unfoldings.set(node.id, isUnfolded ? ++this.lastUnfolding : undefined);
      this.watch();
    }
  }

  /** Tells the inventory which groups are on screen; the branch unfolded last comes first. */
  private watch(roots = this.rootNodes()): void {
    const branches = roots.flatMap((node) => {
      const unfolding = node instanceof BranchNode ? this.unfoldings.get(node.id) : undefined;
      return node instanceof BranchNode && unfolding !== undefined ? [{ node, unfolding }] : [];
    });
    const shown = this.view.visible ? branches.toSorted((a, b) => b.unfolding - a.unfolding) : [];
    this.inventory.watch(shown.flatMap(({ node }) => node.shownGroups().map(({ id }) => id)));
  }

  /** The welcome text of an empty view, and what is to be said above its rows. */
  private showState(nodes: readonly Node[]): void {
    const { inventory } = this;
    const problem = this.problem();
    this.view.description = this.filter;
    if (inventory.isLoading() && nodes.length === 0) {
      this.show('loading');
    } else if (problem?.kind === 'notSignedIn') {
      this.show('signedOut');
    } else if (problem !== undefined) {
      this.show('failed', explain(inventory.error() ?? new AzureError(problem)));
    } else if (nodes.length > 0) {
      this.show('filled');
    } else if (this.filter !== '') {
      this.show('filled', vscode.l10n.t('No container group matches "{0}".', this.filter));
    } else {
      this.show(inventory.allSubscriptions().length === 0 ? 'noSubscriptions' : 'noGroups');
    }
  }

  private failed(error: unknown): void {
    if (!isCancellation(error)) {
      this.log.error('Listing failed', error);
      this.showState(this.rootNodes());
    }
  }

  private show(state: ViewState, message = ''): void {
    this.view.message = message;
    void vscode.commands.executeCommand('setContext', 'containerInstances.viewState', state);
  }

  /** Shows the view's progress bar until the work is done. */
  private progress(work: Promise<unknown>): Thenable<unknown> {
    return vscode.window.withProgress({ location: { viewId: 'containerInstances.groups' } }, () => work);
  }

  private reset(): void {
    this.current.abort();
    this.current = new AbortController();
    this.inventory.reset();
    this.roots = undefined;
    this.nodes.clear();
    this.changed.fire(undefined);
  }

  dispose(): void {
    clearTimeout(this.redrawTimer);
    this.current.abort();
    this.inventory.reset();
    this.disposables.dispose();
  }
}
