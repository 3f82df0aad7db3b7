import * as vscode from 'vscode';
import type { TokenCredential } from '@azure/core-auth';
import type { Cloud } from '../azure/clouds.ts';
import { azureCliCredential, environmentCredential } from '../azure/credentials.ts';
import { ResourceManager } from '../azure/resourceManager.ts';
import { VsCodeAccountCredential } from './account.ts';
import { authenticationProviderId, changesAccount, cloud, credentialKind } from './settings.ts';

/** Azure as the settings and the signed-in account say, built on first use and anew when they change. */
export class Connection implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable;
  private manager: Promise<ResourceManager> | undefined;

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
          this.renew();
        }
      }),
    );
  }

  /**
   * The Resource Manager to ask.
   * @throws {CloudSettingError | AzureError} when settings or environment name none.
   */
  azure(): Promise<ResourceManager> {
    this.manager ??= connect().catch((error: unknown) => {
      this.manager = undefined;
      throw error;
    });
    return this.manager;
  }

  private renew(): void {
    if (this.manager !== undefined) {
      this.manager = undefined;
      this.changed.fire();
    }
  }

  dispose(): void {
    this.disposables.dispose();
  }
}

async function connect(): Promise<ResourceManager> {
  const target = cloud();
  return new ResourceManager(target, await credential(target));
}

async function credential(target: Cloud): Promise<TokenCredential> {
  switch (credentialKind()) {
    case 'vscode':
      return new VsCodeAccountCredential();
    case 'azureCli':
      return azureCliCredential();
    case 'environment':
      return environmentCredential(target, process.env);
  }
}
