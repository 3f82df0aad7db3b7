import * as vscode from 'vscode';
import { Azure } from '../azure/azure.ts';
import { credentialAccount } from '../azure/credentials.ts';
import { vsCodeAccounts } from './account.ts';
import { authenticationProviderId, changesAccount, cloud, credentialKind } from './settings.ts';

/** Azure as the settings and the signed-in account say, built on first use and anew when they change. */
export class Connection implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable;
  private manager: Promise<Azure> | undefined;
  /** VS Code's accounts when Azure was last asked for; undefined until then. */
  private known: string | undefined;

  /** Another account or cloud: nothing that was known holds any more. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.disposables = vscode.Disposable.from(
      this.changed,
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (changesAccount(event)) {
          this.renew();
        }
      }),
      vscode.authentication.onDidChangeSessions((event) => {
        if (credentialKind() === 'vscode' && event.provider.id === authenticationProviderId()) {
          void this.renewIfOthers();
        }
      }),
    );
  }

  /**
   * Azure as it is to be asked.
   * @throws {CloudSettingError | AzureError} when settings or environment name none.
   */
  azure(): Promise<Azure> {
    this.known ??= '';
    this.manager ??= this.connect().catch((error: unknown) => {
      this.manager = undefined;
      throw error;
    });
    return this.manager;
  }

  private async connect(): Promise<Azure> {
    const target = cloud();
    const kind = credentialKind();
    if (kind !== 'vscode') {
      return new Azure(target, [credentialAccount(kind, target, process.env)]);
    }
    const providerId = authenticationProviderId();
    const all = await vscode.authentication.getAccounts(providerId);
    this.known = all.map(({ id }) => id).join();
    return new Azure(target, await vsCodeAccounts(providerId, all, target.scope));
  }

  /** Tokens that are renewed raise the same event: only other accounts are a change, else it would never end. */
  private async renewIfOthers(): Promise<void> {
    const known = this.known;
    const now = await vscode.authentication.getAccounts(authenticationProviderId());
    if (known !== undefined && now.map(({ id }) => id).join() !== known) {
      this.renew();
    }
  }

  /** Builds everything anew on the next use. */
  renew(): void {
    if (this.known !== undefined) {
      this.known = undefined;
      this.manager = undefined;
      this.changed.fire();
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }
}
