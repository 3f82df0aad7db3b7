import * as vscode from 'vscode';
import { Inventory } from './azure/inventory.ts';
import { signIn, signInToTenant } from './ui/account.ts';
import { ChosenSubscriptions } from './ui/chosenSubscriptions.ts';
import { groupBy, sortBy } from './ui/commands/arrange.ts';
import { askCommand } from './ui/commands/askCommand.ts';
import { exec, execWithCommand, type ExecParts } from './ui/commands/exec.ts';
import { RecentContainers } from './ui/commands/pickContainer.ts';
import { RecentCommands } from './ui/commands/recentCommands.ts';
import { reconnect } from './ui/commands/reconnect.ts';
import { Connection } from './ui/connection.ts';
import { Log } from './ui/log.ts';
import { authenticationProviderId, cloud, setArrangement } from './ui/settings.ts';
import { ExecTerminals } from './ui/terminal/execTerminals.ts';
import { ShellMemory } from './ui/terminal/shellMemory.ts';
import { BranchNode } from './ui/tree/branchNode.ts';
import { FailedSignInNode } from './ui/tree/failedSignInNode.ts';
import { GroupsTree } from './ui/tree/groupsTree.ts';

/** Builds the parts and registers them. Nothing is asked of Azure before the view opens or a command runs. */
export function activate(context: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel('Container Instances', { log: true });
  const log = new Log(channel);
  const connection = new Connection(log);
  const chosen = new ChosenSubscriptions(context.globalState);
  const azure = async () => {
    const current = await connection.azure();
    chosen.use(
      current.cloud.resourceManagerEndpoint,
      current.accounts.map(({ id }) => id),
    );
    return current;
  };
  const inventory = new Inventory(azure, (subscription) => chosen.has(subscription));
  const tree = new GroupsTree(inventory, connection, log);
  const terminals = new ExecTerminals();
  const recentCommands = new RecentCommands(context.globalState);
  const parts: ExecParts = {
    azure,
    inventory,
    log,
    shellMemory: new ShellMemory(context.globalState),
    recent: new RecentContainers(context.globalState),
    terminals,
  };
  let renewals = 0;
  /** Other accounts are followed; where they are the same ones, only their answers are new. */
  const askAgainAfter = async (ask: () => Promise<void>) => {
    const before = renewals;
    await ask();
    await connection.followAccounts();
    if (renewals === before) {
      await tree.refresh();
    }
  };
  const register = (name: string, run: (...rows: readonly unknown[]) => unknown) =>
    vscode.commands.registerCommand(`containerInstances.${name}`, run);
  context.subscriptions.push(
    channel,
    connection,
    tree,
    terminals,
    connection.onDidChange(() => renewals++),
    register('exec', (...rows) => exec(rows, parts)),
    register('execWithCommand', (...rows) =>
      execWithCommand(rows, parts, (id) => askCommand(id, recentCommands)),
    ),
    register('reconnect', () => reconnect(terminals)),
    register('refresh', (row) => tree.refresh(row)),
    register('signIn', () => askAgainAfter(() => signIn(authenticationProviderId(), cloud().scope, false))),
    register('signInAnother', () =>
      askAgainAfter(() => signIn(authenticationProviderId(), cloud().scope, true)),
    ),
    register('signInToTenant', async (row) => {
      if (row instanceof FailedSignInNode) {
        const { account, tenant } = row.failed.signIn;
        await askAgainAfter(() =>
          signInToTenant(authenticationProviderId(), cloud().scope, account, tenant?.tenantId),
        );
      }
    }),
    register('showMore', (branch) => branch instanceof BranchNode && tree.showMore(branch)),
    register('filter', async () => {
      const text = await vscode.window.showInputBox({
        prompt: vscode.l10n.t('A part of a name, resource group, location or subscription'),
        value: tree.currentFilter(),
      });
      if (text !== undefined) {
        tree.setFilter(text);
      }
    }),
    register('selectSubscriptions', async () => {
      await inventory.load();
      if (await chosen.ask(inventory)) {
        await tree.refresh();
      }
    }),
    register('clearFilter', () => tree.setFilter('')),
    register('groupBy', groupBy),
    register('sortBy', sortBy),
    register('showEmptySubscriptions', () => setArrangement('hideEmptySubscriptions', false)),
    register('hideEmptySubscriptions', () => setArrangement('hideEmptySubscriptions', true)),
    register('showLog', () => channel.show(true)),
  );
}
