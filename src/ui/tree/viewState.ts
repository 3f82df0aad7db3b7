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

/** What the view says of what the inventory knows; `ignored` are the settings of the workspace that are not followed. */
export function viewStateOf(
  inventory: Inventory,
  hasRows: boolean,
  filter: string,
  ignored: readonly string[],
): ViewState {
  const state = stateOf(inventory, hasRows, filter);
  if (ignored.length === 0 || state.welcome === 'loading') {
    return state;
  }
  const warning = vscode.l10n.t(
    'The settings of this workspace are not followed for {0}: only your own can choose who asks which cloud.',
    ignored.join(', '),
  );
  // Below a message there is no welcome text, so what it says is said here.
  const problem =
    state.welcome === 'signedOut' ? explain(new AzureError({ kind: 'notSignedIn' })) : state.message;
  return { welcome: state.welcome, message: [warning, problem].filter(Boolean).join(' ') };
}

function stateOf(inventory: Inventory, hasRows: boolean, filter: string): ViewState {
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
