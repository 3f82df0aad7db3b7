import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import type { CancellationToken } from 'vscode';
import type { AzureClient } from '../../../src/azure/azureClient.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import type { Inventory } from '../../../src/inventory/inventory.ts';
import type { HiddenTenants } from '../../../src/ui/state/hiddenTenants.ts';
import type { ChosenSubscriptions } from '../../../src/ui/state/chosenSubscriptions.ts';
import '../../support/vscode.ts';

const vscode = await import('vscode');
const { selectSubscriptions } = await import('../../../src/ui/commands/selectSubscriptions.ts');
const { selectTenants } = await import('../../../src/ui/commands/selectTenants.ts');

const reset = new Emitter<void>();
const signIn = { account: { id: 'a', label: 'a' }, tenant: { tenantId: 't', displayName: 't' } };
const inventory = {
  onDidReset: reset.event,
  load: () => Promise.resolve(),
  failedSignIns: () => [],
  allSubscriptions: () => [{ subscription: { displayName: 's', subscriptionId: 's' }, signIn }],
  refresh: () => Promise.reject(new Error('Nothing was chosen')),
} as unknown as Inventory; // as much of it as is asked for

const never = () => assert.fail('nothing was chosen');
const chosen = { has: () => true, choose: never } as unknown as ChosenSubscriptions; // likewise
const hidden = { has: () => false, hide: never } as unknown as HiddenTenants; // likewise

/** A picker that nobody answers; resolves once it is open. */
function unanswered(): Promise<void> {
  const opened = Promise.withResolvers<undefined>();
  mock.method(
    vscode.window,
    'showQuickPick',
    (_items: unknown, _options: unknown, token?: CancellationToken) => {
      opened.resolve(undefined);
      return new Promise((resolve) => token?.onCancellationRequested(() => resolve(undefined)));
    },
  );
  return opened.promise;
}

describe('a picker of what an account has closes when another account is used', () => {
  afterEach(() => mock.restoreAll());

  it('Select Subscriptions…', async () => {
    const opened = unanswered();
    const done = selectSubscriptions(inventory, chosen);
    await opened;
    reset.fire();
    await done;
  });

  it('Select Tenants…', async () => {
    const opened = unanswered();
    const client = { listOtherTenants: () => Promise.resolve([signIn]) } as unknown as AzureClient; // likewise
    const done = selectTenants(() => Promise.resolve(client), inventory, hidden);
    await opened;
    reset.fire();
    await done;
  });

  it('Select Tenants…, before its list is there', async () => {
    const listing = Promise.withResolvers<unknown>();
    const client = { listOtherTenants: () => listing.promise } as unknown as AzureClient; // likewise
    mock.method(vscode.window, 'showQuickPick', never);
    const done = selectTenants(() => Promise.resolve(client), inventory, hidden);
    reset.fire();
    listing.resolve([signIn]);
    await done;
  });
});
