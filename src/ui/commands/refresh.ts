import type { Inventory } from '../../inventory/inventory.ts';
import { BranchNode } from '../tree/branchNode.ts';
import { ContainerGroupNode } from '../tree/containerGroupNode.ts';
import { listed } from './list.ts';
import { withViewProgress } from './target.ts';

/** "Refresh": asks Azure again for everything, or for what is below a row; what is shown stays until the answer is there. */
export async function refresh([row]: readonly unknown[], inventory: Inventory): Promise<void> {
  if (row instanceof ContainerGroupNode) {
    inventory.refreshGroup(row.summary.id);
  } else if (row instanceof BranchNode) {
    await withViewProgress(() => inventory.refreshSubscriptions(row.subscriptionIds()));
  } else {
    await withViewProgress(() => listed(inventory, inventory.refresh()));
  }
}
