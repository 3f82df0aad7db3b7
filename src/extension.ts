import * as vscode from 'vscode';
import type { ContainerGroup } from './azure/containerGroups.ts';
import { Inventory } from './inventory/inventory.ts';
import { AzureClientProvider } from './ui/azureClientProvider.ts';
import { collectDiagnostics, reportIssue } from './ui/commands/collectDiagnostics.ts';
import { copyExecLink } from './ui/commands/copyExecLink.ts';
import { deleteGroups } from './ui/commands/deleteGroups.ts';
import { exec } from './ui/commands/exec.ts';
import { execWithCommand } from './ui/commands/execWithCommand.ts';
import { filter } from './ui/commands/filter.ts';
import { groupBy } from './ui/commands/groupBy.ts';
import { OpenContainer } from './ui/commands/openContainer.ts';
import { openExecLink } from './ui/commands/openExecLink.ts';
import { reconnect } from './ui/commands/reconnect.ts';
import { refresh } from './ui/commands/refresh.ts';
import { registerCommands, registerLinks } from './ui/commands/register.ts';
import { restart } from './ui/commands/restart.ts';
import { selectSubscriptions } from './ui/commands/selectSubscriptions.ts';
import { selectTenants } from './ui/commands/selectTenants.ts';
import { showMore } from './ui/commands/showMore.ts';
import { signIn } from './ui/commands/signIn.ts';
import { signInToTenant } from './ui/commands/signInToTenant.ts';
import { sortBy } from './ui/commands/sortBy.ts';
import { start } from './ui/commands/start.ts';
import { stop } from './ui/commands/stop.ts';
import { Log } from './ui/log.ts';
import { setHideEmptySubscriptions } from './ui/settings.ts';
import { ChosenSubscriptions } from './ui/state/chosenSubscriptions.ts';
import { HiddenTenants } from './ui/state/hiddenTenants.ts';
import { ImageShells } from './ui/state/imageShells.ts';
import { RecentCommandLines } from './ui/state/recentCommandLines.ts';
import { RecentContainers } from './ui/state/recentContainers.ts';
import { ExecTerminals } from './ui/terminal/execTerminals.ts';
import { ExecProfileProvider } from './ui/terminalProfile.ts';
import { GroupsTree } from './ui/tree/groupsTree.ts';

/** Constructs the services and registers them. Nothing is asked of Azure before the view opens or a command runs. */
export function activate({ extension, globalState, subscriptions }: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel('Container Instances', { log: true });
  const log = new Log(channel);
  const chosen = new ChosenSubscriptions(globalState, log);
  const hidden = new HiddenTenants(globalState, log);
  const recentCommands = new RecentCommandLines(globalState, log);
  const provider = new AzureClientProvider(log);
  const azure = () => provider.get();
  const inventory = new Inventory(azure, {
    includesTenant: (signIn) => !hidden.has(signIn),
    includesSubscription: ({ subscriptionId }) => chosen.has(subscriptionId),
  });
  const tree = new GroupsTree(inventory, log);
  const terminals = new ExecTerminals();
  const services = {
    azure,
    inventory,
    log,
    terminals,
    imageShells: new ImageShells(globalState, log),
    recent: new RecentContainers(globalState, log),
  };
  const operations = { inventory, log, terminalsOn: (group: ContainerGroup) => terminals.countIn(group) };
  const diagnosed = { azure, extension, log, terminals };
  const linkBase = { scheme: vscode.env.uriScheme, extensionId: extension.id };
  const openContainer = new OpenContainer(
    (row) => exec([row], services),
    () => tree.selection,
  );
  subscriptions.push(
    channel,
    provider,
    provider.onDidConnect((client) => chosen.use(client)),
    provider.onDidChange(() => inventory.reset()),
    inventory,
    inventory.onDidFallBack((error) =>
      log.warn('Resource Graph gave no answer; listing each subscription', error),
    ),
    tree,
    terminals,
    vscode.window.registerTerminalProfileProvider(
      'containerInstances.exec',
      new ExecProfileProvider(services),
    ),
    registerLinks((uri) => openExecLink(uri, services), log),
    registerCommands(
      {
        activateContainer: (row) => openContainer.activate(row),
        clearFilter: () => (tree.filter = ''),
        collectDiagnostics: () => collectDiagnostics(diagnosed),
        copyExecLink: (...args) => copyExecLink(args, linkBase, services),
        delete: (...args) => deleteGroups(args, operations),
        deleteSelected: () => deleteGroups([tree.selection[0], tree.selection], operations),
        enter: () => openContainer.enter(),
        exec: (...args) => exec(args, services),
        execWithCommand: (...args) => execWithCommand(args, services, recentCommands),
        filter: () => filter(tree),
        groupBy: () => groupBy(),
        hideEmptySubscriptions: () => setHideEmptySubscriptions(true),
        reconnect: () => reconnect(terminals),
        refresh: (...args) => refresh(args, inventory),
        reportIssue: () => reportIssue(diagnosed),
        restart: (...args) => restart(args, operations),
        selectSubscriptions: () => selectSubscriptions(inventory, chosen),
        selectTenants: () => selectTenants(azure, inventory, hidden),
        showEmptySubscriptions: () => setHideEmptySubscriptions(false),
        showLog: () => channel.show(true),
        showMore: (...args) => showMore(args, tree),
        signIn: () => signIn(false, provider, inventory),
        signInAnother: () => signIn(true, provider, inventory),
        signInToTenant: (...args) => signInToTenant(args, provider, inventory),
        sortBy: () => sortBy(),
        start: (...args) => start(args, operations),
        stop: (...args) => stop(args, operations),
      },
      log,
    ),
  );
}
