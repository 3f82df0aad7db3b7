import { AzureError } from '../../azure/errors.ts';
import type { Inventory } from '../../inventory/inventory.ts';

/**
 * Waits for a listing that somebody has asked for by a command: unlike the view, a command has no row for an account or
 * tenant that gave nothing.
 * @throws {AzureError} when nobody gave any subscription.
 */
export async function listed(inventory: Inventory, listing: Promise<void>): Promise<void> {
  await listing;
  const [failure] = inventory.failedSignIns();
  if (failure !== undefined && inventory.allSubscriptions().length === 0) {
    throw new AzureError(failure.problem);
  }
}
