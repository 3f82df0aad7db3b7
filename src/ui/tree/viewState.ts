import * as vscode from 'vscode';
import { AzureError, toAzureError, type AzureProblem } from '../../azure/errors.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { explain } from '../messages/problems.ts';

/** Which welcome text the empty view shows; the view's `when` clauses know these words. Below a message there is none. */
type Welcome = 'loading' | 'signedOut' | 'failed' | 'noSubscriptions' | 'noGroups' | 'filled';

/** What the view says besides its rows. */
export interface ViewState {
  readonly welcome: Welcome;
  readonly message: string;
}

/** What an empty view says until there is something to show. */
export const loadingState: ViewState = { welcome: 'loading', message: '' };

/** Why nothing at all can be shown, where that is one reason. */
export function wholeProblem(inventory: Inventory): AzureProblem | undefined {
  const error = inventory.error();
  if (error !== undefined) {
    return toAzureError(error).problem;
  }
  const [failure, ...others] = inventory.failedSignIns();
  return others.length === 0 && inventory.allSubscriptions().length === 0 ? failure?.problem : undefined;
}

export function viewStateOf(inventory: Inventory, hasRows: boolean, filter: string): ViewState {
  const problem = wholeProblem(inventory);
  if (inventory.isLoading() && !hasRows) {
    return loadingState;
  }
  if (problem?.kind === 'notSignedIn') {
    return { welcome: 'signedOut', message: '' };
  }
  if (problem !== undefined) {
    return { welcome: 'failed', message: explain(inventory.error() ?? new AzureError(problem)) };
  }
  if (hasRows) {
    return { welcome: 'filled', message: '' };
  }
  if (filter !== '') {
    return { welcome: 'filled', message: vscode.l10n.t('No container group matches "{0}".', filter) };
  }
  return {
    welcome: inventory.allSubscriptions().length === 0 ? 'noSubscriptions' : 'noGroups',
    message: '',
  };
}
