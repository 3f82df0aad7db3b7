import { arrange, type Arrangement } from '../../inventory/arrangement.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { ignoredSettings } from '../settings.ts';
import { actionsFor } from './actionNode.ts';
import type { Node } from './node.ts';
import type { NodeCache } from './nodeCache.ts';
import type { Unfolding } from './unfolding.ts';
import { wholeProblem } from './viewState.ts';

/** Up to this many branches begin unfolded. */
const mostUnfolded = 3;

/** The rows of the first level: branches, then accounts and tenants that gave no subscriptions, or what can be done. */
export function rootNodes(
  inventory: Inventory,
  arrangement: Arrangement,
  cache: NodeCache,
  unfolding: Unfolding,
): readonly Node[] {
  const entries = inventory.subscriptions();
  const branches = arrange(entries, arrangement);
  const failed = inventory.failedSignIns();
  cache.prune(branches, failed);
  // While lists still arrive, the first branches may be few although there will be many.
  const all = entries.length <= mostUnfolded || entries.every(({ complete }) => complete);
  const isFew = all && branches.length <= mostUnfolded;
  const branchNodes = branches.map((branch) => cache.branch(branch, unfolding.begin(branch.id, isFew)));
  const problem = wholeProblem(inventory);
  if (problem !== undefined) {
    // Who is signed out has the welcome text, unless a message takes its place.
    const hasWelcome = problem.kind === 'notSignedIn' && ignoredSettings().length === 0;
    return branches.length > 0 || hasWelcome ? branchNodes : actionsFor(problem);
  }
  const tenants = failed.filter(({ signIn }) => signIn.tenant !== undefined);
  const others = tenants.length > 1 ? failed.filter(({ signIn }) => signIn.tenant === undefined) : failed;
  return [
    ...branchNodes,
    ...others.map((signIn) => cache.failedSignIn(signIn)),
    ...(tenants.length > 1 ? [cache.failedTenants(tenants)] : []),
  ];
}
