import * as vscode from 'vscode';
import type { FailedSignInNode } from './failedSignInNode.ts';
import type { Node } from './node.ts';

/** The tenants that gave no subscriptions, below one row: a guest in many would have as many rows. */
export class FailedTenantsNode implements Node {
  readonly id = 'failedTenants';
  tenants: readonly FailedSignInNode[] = [];

  treeItem(): vscode.TreeItem {
    const title = vscode.l10n.t('{0} more tenants', this.tenants.length);
    const item = new vscode.TreeItem(title, vscode.TreeItemCollapsibleState.Collapsed);
    const needSignIn = this.tenants.filter((tenant) => tenant.needsSignIn()).length;
    item.id = this.id;
    item.description =
      needSignIn === this.tenants.length
        ? vscode.l10n.t('need a sign-in of their own')
        : needSignIn === 0
          ? vscode.l10n.t('could not be listed')
          : vscode.l10n.t('{0} need a sign-in of their own', needSignIn);
    item.tooltip = vscode.l10n.t(
      'Unfold to sign in to one of them. "Select Tenants…" hides those that you do not need.',
    );
    item.accessibilityInformation = { label: `${title}, ${item.description}` };
    item.iconPath = new vscode.ThemeIcon('account');
    item.contextValue = 'failedTenants';
    return item;
  }

  fingerprint(): string {
    return JSON.stringify(this.tenants.map((tenant) => [tenant.id, tenant.fingerprint()]));
  }

  children(): Promise<readonly Node[]> {
    return Promise.resolve(this.tenants);
  }
}
