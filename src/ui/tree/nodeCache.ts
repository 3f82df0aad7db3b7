import type { ContainerGroupSummary } from '../../azure/containerGroups.ts';
import { ResourceIdMap } from '../../azure/resourceIds.ts';
import type { Branch } from '../../inventory/arrangement.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { FailedSignIn } from '../../inventory/listing.ts';
import { BranchNode } from './branchNode.ts';
import { ContainerGroupNode } from './containerGroupNode.ts';
import { failedSignInId, FailedSignInNode } from './failedSignInNode.ts';
import { FailedTenantsNode } from './failedTenantsNode.ts';
import type { Node } from './node.ts';

/** The rows' objects: VS Code knows a row by its object, so an object stays as long as its row, and no longer. */
export class NodeCache {
  private readonly inventory: Inventory;
  private readonly branches = new ResourceIdMap<BranchNode>();
  private readonly groups = new ResourceIdMap<ContainerGroupNode>();
  private readonly failedSignIns = new Map<string, FailedSignInNode>();
  private readonly tenants = new FailedTenantsNode();

  private readonly forwardsOf: (containerId: string) => readonly Node[];

  /** `forwardsOf` gives the rows of a container's forwarded ports. */
  constructor(inventory: Inventory, forwardsOf: (containerId: string) => readonly Node[] = () => []) {
    this.inventory = inventory;
    this.forwardsOf = forwardsOf;
  }

  /** The row of a branch; `isUnfolded` is how a new one begins. */
  branch(branch: Branch, isUnfolded: boolean): BranchNode {
    const known = this.branches.get(branch.id);
    if (known !== undefined) {
      known.branch = branch;
      return known;
    }
    const node = new BranchNode(branch, isUnfolded, (group) => this.newGroup(group));
    this.branches.set(branch.id, node);
    return node;
  }

  /** The row of a container group, where it was shown. */
  group(id: string): ContainerGroupNode | undefined {
    return this.groups.get(id);
  }

  failedSignIn(failed: FailedSignIn): FailedSignInNode {
    const id = failedSignInId(failed);
    const node = this.failedSignIns.get(id) ?? new FailedSignInNode(failed);
    node.failed = failed;
    this.failedSignIns.set(id, node);
    return node;
  }

  /** The one row for several tenants. */
  failedTenants(failed: readonly FailedSignIn[]): FailedTenantsNode {
    this.tenants.tenants = failed.map((signIn) => this.failedSignIn(signIn));
    return this.tenants;
  }

  /** Drops the rows of all but these branches and sign-ins. */
  prune(branches: readonly Branch[], failed: readonly FailedSignIn[]): void {
    keepOnly(
      this.branches,
      branches.map(({ id }) => id),
    );
    keepOnly(
      this.groups,
      branches.flatMap(({ groups }) => groups.map(({ id }) => id)),
    );
    const failedIds = new Set(failed.map(failedSignInId));
    for (const id of this.failedSignIns.keys()) {
      if (!failedIds.has(id)) {
        this.failedSignIns.delete(id);
      }
    }
  }

  clear(): void {
    this.branches.clear();
    this.groups.clear();
    this.failedSignIns.clear();
  }

  private newGroup(group: ContainerGroupSummary): ContainerGroupNode {
    const node = this.groups.get(group.id) ?? new ContainerGroupNode(group, this.inventory, this.forwardsOf);
    this.groups.set(group.id, node);
    return node;
  }
}

function keepOnly(nodes: ResourceIdMap<{ readonly id: string }>, ids: readonly string[]): void {
  const kept = new ResourceIdMap(ids.map((id) => [id, true]));
  for (const { id } of nodes.values()) {
    if (!kept.has(id)) {
      nodes.delete(id);
    }
  }
}
