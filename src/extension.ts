import * as vscode from 'vscode';
import { Inventory } from './azure/inventory.ts';
import { signIn } from './ui/account.ts';
import { askCommand } from './ui/commands/askCommand.ts';
import { exec, execWithCommand, type ExecParts } from './ui/commands/exec.ts';
import { RecentContainers } from './ui/commands/pickContainer.ts';
import { RecentCommands } from './ui/commands/recentCommands.ts';
import { reconnect } from './ui/commands/reconnect.ts';
import { Connection } from './ui/connection.ts';
import { Log } from './ui/log.ts';
import { cloud } from './ui/settings.ts';
import { ExecTerminals } from './ui/terminal/execTerminals.ts';
import { ShellMemory } from './ui/terminal/shellMemory.ts';
import { GroupsTree } from './ui/tree/groupsTree.ts';

/** Builds the parts and registers them. Nothing is asked of Azure before the view opens or a command runs. */
export function activate(context: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel('Container Instances', { log: true });
  const log = new Log(channel);
  const connection = new Connection();
  const azure = () => connection.azure();
  const inventory = new Inventory(azure);
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
  const register = (name: string, run: (...rows: readonly unknown[]) => unknown) =>
    vscode.commands.registerCommand(`containerInstances.${name}`, run);
  context.subscriptions.push(
    channel,
    connection,
    tree,
    terminals,
    register('exec', (...rows) => exec(rows, parts)),
    register('execWithCommand', (...rows) =>
      execWithCommand(rows, parts, (id) => askCommand(id, recentCommands)),
    ),
    register('reconnect', () => reconnect(terminals)),
    register('refresh', () => tree.refresh()),
    register('signIn', async () => {
      await signIn(cloud().scope);
      tree.refresh();
    }),
    register('showLog', () => channel.show(true)),
  );
}
