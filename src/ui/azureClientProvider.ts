import * as vscode from 'vscode';
import type { AzureClient } from '../azure/azureClient.ts';
import type { Cloud } from '../azure/clouds.ts';
import type { Account } from '../azure/credentials.ts';
import { AzureError } from '../azure/errors.ts';
import { Emitter } from '../base/emitter.ts';
import { usableAccounts, vsCodeAccount } from './account.ts';
import type { Log } from './log.ts';
import {
  authenticationProviderId,
  changesAccount,
  cloud,
  credentialKind,
  ignoredSettings,
} from './settings.ts';

/** Gives the client for the cloud of the settings and the signed-in accounts: made on first use, and anew when they change. */
export class AzureClientProvider implements vscode.Disposable {
  private readonly log: Log;
  private readonly changed = new Emitter<void>();
  private readonly connected = new Emitter<AzureClient>();
  private readonly disposables: vscode.Disposable;
  private client: Promise<AzureClient> | undefined;
  private isUsed = false;
  /** Grows when accounts or cloud change: a client that was under way then is not the one in use. */
  private generation = 0;
  /** VS Code's accounts that the client was last made for. */
  private accountIds = '';
  private lastLook: Promise<void> | undefined;
  private nextLook: Promise<void> | undefined;

  /** Another account or cloud: nothing that was known holds any more. */
  readonly onDidChange = this.changed.event;
  /** With each client that is made, before anybody asks it. */
  readonly onDidConnect = this.connected.event;

  constructor(log: Log) {
    this.log = log;
    this.disposables = vscode.Disposable.from(
      this.changed,
      this.connected,
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

  /** @throws {CloudSettingError | AzureError} when settings or environment name no cloud or nobody to ask as. */
  get(): Promise<AzureClient> {
    this.isUsed = true;
    if (this.client === undefined) {
      const client = this.connect();
      this.client = client;
      client.catch(() => {
        // Who asked is told; the next one tries again.
        if (this.client === client) {
          this.client = undefined;
        }
      });
    }
    return this.client;
  }

  /**
   * Makes a new client if other accounts can be used than before. VS Code raises its event for renewed tokens too.
   * It never rejects.
   */
  followAccounts(): Promise<void> {
    if (credentialKind() !== 'vscode' || !this.isUsed) {
      return Promise.resolve();
    }
    // One look at a time, and one more for all events that come meanwhile.
    this.nextLook ??= Promise.allSettled([this.lastLook, this.client])
      .then(() => {
        this.lastLook = this.nextLook;
        this.nextLook = undefined;
        return this.look();
      })
      .catch((error: unknown) => this.log.warn('The accounts of VS Code are not known', error));
    return this.nextLook;
  }

  private async look(): Promise<void> {
    const accounts = await usableAccounts(authenticationProviderId(), cloud().scope);
    if (idsOf(accounts) !== this.accountIds) {
      this.renew();
    }
  }

  private async connect(): Promise<AzureClient> {
    const { generation } = this;
    const target = cloud();
    const kind = credentialKind();
    const { AzureClient, credentialAccount } = await import('../onFirstRequest.ts');
    const accounts =
      kind === 'vscode'
        ? await this.vsCodeAccounts(target, generation)
        : [credentialAccount(kind, target, process.env)];
    const client = new AzureClient(target, accounts, { onRequest: (trace) => this.log.request(trace) });
    const ignored = ignoredSettings();
    if (ignored.length > 0) {
      this.log.warn('The settings of the workspace are not followed', ignored.join(', '));
    }
    this.log.debug(`Resource Manager ${target.resourceManagerEndpoint}, credential ${kind}`);
    if (generation === this.generation) {
      this.connected.fire(client);
    }
    return client;
  }

  private async vsCodeAccounts({ scope }: Cloud, generation: number): Promise<readonly Account[]> {
    const providerId = authenticationProviderId();
    const accounts = await usableAccounts(providerId, scope);
    if (generation === this.generation) {
      this.accountIds = idsOf(accounts);
    }
    if (accounts.length === 0) {
      throw new AzureError({ kind: 'notSignedIn' });
    }
    return accounts.map((account) => vsCodeAccount(providerId, account));
  }

  private renew(): void {
    if (this.isUsed) {
      this.generation++;
      this.isUsed = false;
      this.client = undefined;
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
