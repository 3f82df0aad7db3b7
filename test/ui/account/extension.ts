// Replaces VS Code's own Microsoft account extension: signing in gives tokens of the simulated Azure.
import { appendFileSync } from 'node:fs';
import { request } from 'node:https';
import * as vscode from 'vscode';

/** VS Code's proposed API `authenticationChallenges`, as its own Microsoft account extension implements it. */
interface Challenged {
  readonly challenges: readonly {
    readonly scheme: string;
    readonly params: Readonly<Record<string, string>>;
  }[];
  readonly fallbackScopes?: readonly string[];
}

interface SignedIn {
  readonly account: vscode.AuthenticationSessionAccountInformation;
  /** The tenants that it has signed in to, its own one as `own`. */
  readonly tenants: Set<string>;
  /** The claims that it has satisfied. */
  readonly claims: Set<string>;
}

/** The end of a tenant's id where an account needs a sign-in of its own; elsewhere it is a guest without one. */
const ownSignIn = '-own-sign-in';

/** Who signs in, one after the other. */
const users = ['anna', 'bea'];

export function activate(context: vscode.ExtensionContext): void {
  const accounts = ['microsoft', 'microsoft-sovereign-cloud'].map((id) => new Account(id));
  const command = (name: string, run: (account: Account) => void) =>
    vscode.commands.registerCommand(`standIn.${name}`, () => accounts.forEach(run));
  context.subscriptions.push(
    ...accounts.map((account) =>
      vscode.authentication.registerAuthenticationProvider(account.id, 'Microsoft', account, {
        supportsMultipleAccounts: true,
        // As its own extension does it; the stable type does not know it.
        ...{ supportsChallenges: true },
      }),
    ),
    command('signOutLast', (account) => account.signOutLast()),
    command('renewTokens', (account) => account.renewTokens()),
  );
}

class Account implements vscode.AuthenticationProvider {
  readonly id: string;
  private readonly changed =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly onDidChangeSessions = this.changed.event;
  private signedIn: SignedIn[] = [];

  constructor(id: string) {
    this.id = id;
  }

  async getSessions(
    scopes: readonly string[] | undefined,
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const tenant = tenantOf(scopes ?? []);
    const able = this.signedIn.filter(({ tenants }) => tenants.has(tenant) || !tenant.endsWith(ownSignIn));
    const wanted = able.filter((one) => account === undefined || one.account.id === account.id);
    return Promise.all(wanted.map((one) => this.session(one, scopes ?? [])));
  }

  async createSession(
    scopes: readonly string[],
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession> {
    record({ call: 'createSession', scopes, account: account?.id });
    return this.signIn(account?.id, tenantOf(scopes));
  }

  async getSessionsFromChallenges(
    challenged: Challenged,
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession[]> {
    const claims = claimsOf(challenged);
    const sessions = await this.getSessions(
      challenged.fallbackScopes ?? [],
      account === undefined ? {} : { account },
    );
    return sessions.filter(({ account: { id } }) => this.of(id)?.claims.has(claims));
  }

  async createSessionFromChallenges(
    challenged: Challenged,
    { account }: vscode.AuthenticationProviderSessionOptions,
  ): Promise<vscode.AuthenticationSession> {
    const claims = claimsOf(challenged);
    record({ call: 'createSessionFromChallenges', claims, account: account?.id });
    const session = await this.signIn(account?.id, tenantOf(challenged.fallbackScopes ?? []));
    this.of(session.account.id)?.claims.add(claims);
    return session;
  }

  removeSession(sessionId: string): Promise<void> {
    this.signOut(sessionId);
    return Promise.resolve();
  }

  signOutLast(): void {
    const last = this.signedIn.at(-1);
    if (last !== undefined) {
      this.signOut(last.account.id);
    }
  }

  /** Raises the event that VS Code's own extension raises when it renews tokens: nobody comes or goes. */
  renewTokens(): void {
    void Promise.all(this.signedIn.map((one) => this.session(one, []))).then((sessions) =>
      this.changed.fire({ added: [], removed: [], changed: sessions }),
    );
  }

  private async signIn(id: string | undefined, tenant: string): Promise<vscode.AuthenticationSession> {
    const name = id ?? users.find((user) => this.of(user) === undefined) ?? '';
    const known = this.of(name);
    const one = known ?? {
      account: { id: name, label: `${name}@contoso.example` },
      tenants: new Set(['own']),
      claims: new Set(),
    };
    one.tenants.add(tenant);
    this.signedIn = [...this.signedIn.filter((other) => other !== one), one];
    const session = await this.session(one, []);
    this.changed.fire(
      known === undefined
        ? { added: [session], removed: [], changed: [] }
        : { added: [], removed: [], changed: [session] },
    );
    return session;
  }

  private signOut(id: string): void {
    const one = this.of(id);
    this.signedIn = this.signedIn.filter((other) => other !== one);
    if (one !== undefined) {
      const removed = [{ id, accessToken: '', account: one.account, scopes: [] }];
      this.changed.fire({ added: [], removed, changed: [] });
    }
  }

  private async session(
    { account }: SignedIn,
    scopes: readonly string[],
  ): Promise<vscode.AuthenticationSession> {
    const tenant = tenantOf(scopes);
    const token = await issueToken(account.id, tenant === 'own' ? undefined : tenant);
    return { id: account.id, accessToken: token, account, scopes };
  }

  private of(id: string): SignedIn | undefined {
    return this.signedIn.find(({ account }) => account.id === id);
  }
}

function tenantOf(scopes: readonly string[]): string {
  const prefix = 'VSCODE_TENANT:';
  return scopes.find((scope) => scope.startsWith(prefix))?.slice(prefix.length) ?? 'own';
}

function claimsOf({ challenges }: Challenged): string {
  return Buffer.from(challenges[0]?.params['claims'] ?? '', 'base64').toString();
}

/** Tells the test what the account was asked for. */
function record(entry: object): void {
  appendFileSync(process.env['ACI_TEST_ACCOUNT_LOG'] ?? '', `${JSON.stringify(entry)}\n`);
}

/** A token of the simulated Azure for a user of that name. */
function issueToken(name: string, tenantId: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = `${process.env['ACI_TEST_CONTROL_URL'] ?? ''}/tokens`;
    const sent = request(url, { method: 'POST' }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve((JSON.parse(text) as { readonly token: string }).token)); // the emulator's own answer
    });
    sent.on('error', reject);
    sent.end(JSON.stringify({ name, ...(tenantId === undefined ? {} : { tenantId }) }));
  });
}
