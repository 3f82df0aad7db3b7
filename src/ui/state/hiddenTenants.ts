import type * as vscode from 'vscode';
import type { SignIn } from '../../azure/azureClient.ts';
import { isSameId } from '../../azure/resourceIds.ts';
import type { Log } from '../log.ts';
import { Store, withRecent, type RecentEntries } from './store.ts';

const accountsKept = 100;

/** The tenants that are not asked, for each account. */
export class HiddenTenants {
  private readonly store: Store<RecentEntries<readonly string[]>>;

  constructor(memento: vscode.Memento, log: Log) {
    this.store = new Store<RecentEntries<readonly string[]>>(memento, 'hiddenTenants', [], log);
  }

  /** An account's own tenant is never hidden. */
  has({ account, tenant }: SignIn): boolean {
    return tenant !== undefined && this.of(account.id).some((id) => isSameId(id, tenant.tenantId));
  }

  /** Hides these tenants of an account and no other. */
  hide(accountId: string, tenantIds: readonly string[]): void {
    this.store.value = withRecent(this.store.value, accountId, tenantIds, accountsKept);
  }

  private of(accountId: string): readonly string[] {
    return this.store.value.find(([id]) => id === accountId)?.[1] ?? [];
  }
}
