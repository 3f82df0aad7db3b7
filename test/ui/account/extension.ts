// Replaces VS Code's own Microsoft account extension: signing in gives the simulated Azure's token.
import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  for (const id of ['microsoft', 'microsoft-sovereign-cloud']) {
    const account = new Account(id);
    context.subscriptions.push(
      vscode.authentication.registerAuthenticationProvider(id, 'Microsoft', account),
    );
  }
}

class Account implements vscode.AuthenticationProvider {
  private readonly changed =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.changed.event;
  private sessions: vscode.AuthenticationSession[] = [];
  private readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  getSessions(): Promise<vscode.AuthenticationSession[]> {
    return Promise.resolve(this.sessions);
  }

  createSession(scopes: readonly string[]): Promise<vscode.AuthenticationSession> {
    const session = {
      id: this.id,
      accessToken: process.env['ACI_TEST_TOKEN'] ?? '',
      account: { id: 'anna', label: 'anna@contoso.example' },
      scopes,
    };
    this.sessions = [session];
    this.changed.fire({ added: this.sessions, removed: [], changed: [] });
    return Promise.resolve(session);
  }

  removeSession(): Promise<void> {
    const removed = this.sessions;
    this.sessions = [];
    this.changed.fire({ added: [], removed, changed: [] });
    return Promise.resolve();
  }
}
