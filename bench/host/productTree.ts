import * as vscode from 'vscode';
import { RemoteShells } from '../../src/exec/remoteShell/remoteShells.ts';
import { Inventory } from '../../src/inventory/inventory.ts';
import { RecentUsage } from '../../src/inventory/recentUsage.ts';
import { Log } from '../../src/ui/log.ts';
import { PortForwards } from '../../src/ui/ports/portForwards.ts';
import { BranchNode } from '../../src/ui/tree/branchNode.ts';
import { GroupsTree } from '../../src/ui/tree/groupsTree.ts';
import { azure } from '../../test/support/azure.ts';

/** How long the listing may take, in milliseconds. */
const limitMs = 60_000;

const log = new Log(vscode.window.createOutputChannel('Bench', { log: true }));

const noUsage = new RecentUsage(() => Promise.reject(new Error('nobody hovers')));

const noShells = new RemoteShells(() => Promise.reject(new Error('nobody forwards a port')));

/** The product's own tree of container groups, up to the rows that it hands to VS Code. */
export class ProductTree {
  private readonly inventory = new Inventory(azure);
  private readonly forwards = new PortForwards(noShells, this.inventory, log);
  private readonly tree = new GroupsTree(this.inventory, noUsage, log, this.forwards);

  /** Asks for the rows as VS Code does, first and after each change, until all groups are there. */
  async allRows(expected: number, onRows: (groups: number) => void): Promise<void> {
    const { tree } = this;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the tree is not complete')), limitMs);
      const draw = async () => {
        const rows = await tree.getChildren();
        rows.forEach((row) => tree.getTreeItem(row));
        const groups = rows.reduce(
          (sum, row) => sum + (row instanceof BranchNode ? row.branch.groups.length : 0),
          0,
        );
        if (groups > 0) {
          onRows(groups);
        }
        if (groups === expected) {
          listener.dispose();
          clearTimeout(timer);
          resolve();
        }
      };
      const listener = tree.onDidChangeTreeData(() => void draw().catch(reject));
      draw().catch(reject);
    });
  }

  dispose(): void {
    this.tree.dispose();
    this.forwards.dispose();
    this.inventory.dispose();
  }
}
