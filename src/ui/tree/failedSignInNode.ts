import * as vscode from 'vscode';
import { AzureError } from '../../azure/errors.ts';
import type { FailedSignIn } from '../../inventory/listing.ts';
import { explain } from '../messages/problems.ts';
import type { Node } from './node.ts';
import { tooltip } from './tooltip.ts';

/** An account or tenant that told no subscriptions, and why. Where a sign-in mends it, a click asks for that. */
export class FailedSignInNode implements Node {
  readonly id: string;
  failed: FailedSignIn;

  constructor(failed: FailedSignIn) {
    this.id = failedSignInId(failed);
    this.failed = failed;
  }

  treeItem(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.name(), vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    item.description = this.reason();
    item.tooltip = tooltip(this.name(), [
      [vscode.l10n.t('Account'), this.failed.signIn.account.label],
      [vscode.l10n.t('Problem'), this.reason()],
    ]);
    item.accessibilityInformation = { label: `${this.name()}, ${this.reason()}` };
    item.iconPath = new vscode.ThemeIcon(this.needsSignIn() ? 'account' : 'error');
    item.contextValue = this.needsSignIn() ? 'failedSignIn.account' : 'failedSignIn';
    if (this.needsSignIn()) {
      item.command = {
        command: 'containerInstances.signInToTenant',
        title: vscode.l10n.t('Sign In to Tenant'),
        arguments: [this],
      };
    }
    return item;
  }

  fingerprint(): string {
    return this.reason();
  }

  private name(): string {
    const { signIn, tenantsUnknown } = this.failed;
    return tenantsUnknown
      ? vscode.l10n.t('Other tenants of {0}', signIn.account.label)
      : signIn.tenant === undefined
        ? signIn.account.label
        : vscode.l10n.t('Tenant {0}', signIn.tenant.displayName);
  }

  private reason(): string {
    const { problem } = this.failed;
    return problem.kind === 'notSignedIn'
      ? vscode.l10n.t('needs a sign-in of its own')
      : explain(new AzureError(problem));
  }

  /** Only VS Code's own accounts can be signed in from here. */
  needsSignIn(): boolean {
    const { signIn, problem } = this.failed;
    return (
      signIn.account.kind === 'vscode' && (problem.kind === 'notSignedIn' || problem.kind === 'credential')
    );
  }
}

/** The row's id: one for each account and tenant. */
export function failedSignInId({ signIn, tenantsUnknown }: FailedSignIn): string {
  return `signIn:${signIn.account.id}/${signIn.tenant?.tenantId ?? ''}${tenantsUnknown ? '/tenants' : ''}`;
}
