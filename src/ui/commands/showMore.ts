import { BranchNode } from '../tree/branchNode.ts';
import type { GroupsTree } from '../tree/groupsTree.ts';

/** The row "Show more…": shows the next page of a branch. */
export function showMore([branch]: readonly unknown[], tree: GroupsTree): void {
  if (branch instanceof BranchNode) {
    tree.showMore(branch);
  }
}
