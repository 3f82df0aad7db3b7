import * as vscode from 'vscode';
import { Azure } from '../azure/azure.ts';
import { credentialAccount } from '../azure/credentials.ts';
import { AzureError } from '../azure/errors.ts';
import { usableAccounts, vsCodeAccount } from './account.ts';
import type { Log } from './log.ts';
import { authenticationProviderId, changesAccount, cloud, credentialKind } from './settings.ts';

/** Azure as the settings and the signed-in accounts say, built on first use and anew when they change. */
export class Connection implements vscode.Disposable {
  private readonly log: Log;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable;
  private manager: Promise<Azure> | undefined;
  private used = false;
  /** VS Code's accounts that Azure was last asked with. */
  private accountIds = '';
  private lastLook: Promise<void> | undefined;
  private nextLook: Promise<void> | undefined;

  /** Another account or cloud: nothing that was known holds any more. */
  readonly onDidChange = this.changed.event;

  constructor(log: Log) {
    this.log = log;
    this.disposables = vscode.Disposable.from(
      this.changed,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (changesAccount(event)) {
          this.renew();
        }
      }),
      vscode.authentication.onDidChangeSessions((event) => {
        if (event.provider.id === authenticationProviderId()) {
          void this.followAccounts();
        }
      }),
    );
  }

  /**
   * Azure as it is to be asked.
   * @throws {CloudSettingError | AzureError} when settings or environment name none.
   */
  azure(): Promise<Azure> {
    this.used = true;
    this.manager ??= this.connect().catch((error: unknown) => {
      this.manager = undefined;
      throw error;
    });
    return this.manager;
  }

  /**
   * Builds everything anew if other accounts can be used than before. VS Code raises its event for renewed tokens too.
   * It never rejects.
   */
  followAccounts(): Promise<void> {
    if (credentialKind() !== 'vscode' || !this.used) {
      return Promise.resolve();
    }
    // One look at a time, and one more for all events that come meanwhile.
    this.nextLook ??= Promise.allSettled([this.lastLook, this.manager])
      .then(() => {
        this.lastLook = this.nextLook;
        this.nextLook = undefined;
        return this.look();
      })
      .catch((error: unknown) => this.log.error('The accounts of VS Code are not known', error));
    return this.nextLook;
  }

  private async look(): Promise<void> {
    const accounts = await usableAccounts(authenticationProviderId(), cloud().scope);
    if (idsOf(accounts) !== this.accountIds) {
      this.renew();
    }
  }

  private async connect(): Promise<Azure> {
    const target = cloud();
    const kind = credentialKind();
    if (kind !== 'vscode') {
      return new Azure(target, [credentialAccount(kind, target, process.env)]);
    }
    const providerId = authenticationProviderId();
    const accounts = await usableAccounts(providerId, target.scope);
    this.accountIds = idsOf(accounts);
    if (accounts.length === 0) {
      throw new AzureError({ kind: 'notSignedIn' });
    }
    return new Azure(
      target,
      accounts.map((account) => vsCodeAccount(providerId, account)),
    );
  }

  private renew(): void {
    if (this.used) {
      this.used = false;
      this.manager = undefined;
      this.changed.fire();
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

function idsOf(accounts: readonly vscode.AuthenticationSessionAccountInformation[]): string {
  return accounts
    .map(({ id }) => id)
    .toSorted()
    .join();
}
