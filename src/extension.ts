import * as vscode from 'vscode';
import type { ContainerGroup } from './azure/containerGroups.ts';
import { subscriptionOf } from './azure/resourceIds.ts';
import { Inventory } from './inventory/inventory.ts';
import { RecentUsage } from './inventory/recentUsage.ts';
import { AzureClientProvider } from './ui/azureClientProvider.ts';
import { deleteGroups } from './ui/commands/deleteGroups.ts';
import { copy } from './ui/commands/copy.ts';
import { filter } from './ui/commands/filter.ts';
import { followLogs } from './ui/commands/followLogs.ts';
import { copyForwardedAddress, openForwardedPort, stopForwardedPort } from './ui/commands/forwardedPorts.ts';
import { groupBy } from './ui/commands/groupBy.ts';
import { explainCommand, nextSteps } from './ui/commands/nextSteps.ts';
import { OpenContainer } from './ui/commands/openContainer.ts';
import { reconnect } from './ui/commands/reconnect.ts';
import { refresh } from './ui/commands/refresh.ts';
import { reloadLog } from './ui/commands/reloadLog.ts';
import { registerCommands, registerLinks } from './ui/commands/register.ts';
import { restart } from './ui/commands/restart.ts';
import { revealValue } from './ui/commands/revealValue.ts';
import { showMore } from './ui/commands/showMore.ts';
import { signIn } from './ui/commands/signIn.ts';
import { signInToTenant } from './ui/commands/signInToTenant.ts';
import { sortBy } from './ui/commands/sortBy.ts';
import { start } from './ui/commands/start.ts';
import { stop } from './ui/commands/stop.ts';
import { toggleLogTimestamps } from './ui/commands/toggleLogTimestamps.ts';
import { LogDocuments } from './ui/documents/logDocuments.ts';
import { viewProperties } from './ui/commands/viewProperties.ts';
import { PropertiesDocuments } from './ui/documents/propertiesDocuments.ts';
import { StateDocuments } from './ui/documents/stateDocuments.ts';
import { ContainerFiles } from './ui/files/containerFiles.ts';
import { ContainerFileSystem } from './ui/files/containerFileSystem.ts';
import { FileAccess } from './ui/files/fileAccess.ts';
import { Log } from './ui/log.ts';
import { PortForwards } from './ui/ports/portForwards.ts';
import { createRemoteShells } from './ui/remoteShells.ts';
import { setHideEmptySubscriptions } from './ui/settings.ts';
import { ChosenSubscriptions } from './ui/state/chosenSubscriptions.ts';
import { HiddenTenants } from './ui/state/hiddenTenants.ts';
import { ImageShells } from './ui/state/imageShells.ts';
import { OpenedContainers } from './ui/state/openedContainers.ts';
import { RecentCommandLines } from './ui/state/recentCommandLines.ts';
import { RecentContainers } from './ui/state/recentContainers.ts';
import { registerTaskProvider } from './ui/tasks/taskProvider.ts';
import type { CommandTerminal } from './ui/terminal/commandTerminal.ts';
import { ExecTerminals } from './ui/terminal/execTerminals.ts';
import { LogTerminals } from './ui/terminal/logTerminals.ts';
import { OpenTerminals } from './ui/terminal/openTerminals.ts';
import { GroupsTree } from './ui/tree/groupsTree.ts';

/** What is loaded when the first of it is used: see there. */
const onFirstUse = () => import('./onFirstUse.ts');

/** Constructs the services and registers them. Nothing is asked of Azure before the view opens or a command runs. */
export function activate({ extension, globalState, subscriptions }: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel('Container Instances', { log: true });
  const log = new Log(channel);
  const chosen = new ChosenSubscriptions(globalState, log);
  const hidden = new HiddenTenants(globalState, log);
  const recentCommands = new RecentCommandLines(globalState, 'recentCommands', log);
  const recentRunCommands = new RecentCommandLines(globalState, 'recentRunCommands', log);
  const provider = new AzureClientProvider(log);
  const azure = () => provider.get();
  const inventory = new Inventory(azure, {
    includesTenant: (signIn) => !hidden.has(signIn),
    includesSubscription: ({ subscriptionId }) => chosen.has(subscriptionId),
  });
  const usage = new RecentUsage(async (groupId, signal) => {
    const client = await (await azure()).clientFor(subscriptionOf(groupId), signal);
    return client.metrics.lastHour(groupId, signal);
  });
  const remoteShells = createRemoteShells(azure);
  const forwards = new PortForwards(remoteShells, inventory, log);
  const tree = new GroupsTree(inventory, usage, log, forwards);
  const terminals = new ExecTerminals();
  const commandTerminals = new OpenTerminals<{ readonly pty: CommandTerminal }>();
  const services = {
    azure,
    inventory,
    log,
    terminals,
    remoteShells,
    files: new ContainerFiles(inventory, remoteShells),
    opened: new OpenedContainers(globalState, log),
    commandTerminals,
    imageShells: new ImageShells(globalState, log),
    recent: new RecentContainers(globalState, log),
  };
  const logTerminals = new LogTerminals(services);
  const logDocuments = new LogDocuments(services);
  const operations = {
    inventory,
    log,
    terminalsOn: (group: ContainerGroup) => terminals.countIn(group) + logTerminals.countIn(group),
  };
  const properties = new PropertiesDocuments({
    ...services,
    explainCommand: (group, title) => explainCommand(group, title, inventory),
  });
  const stateDocuments = new StateDocuments({
    ...services,
    stepsFor: (judged) => nextSteps(judged, inventory),
  });
  const diagnosed = { azure, extension, log, terminals };
  const linkBase = { scheme: vscode.env.uriScheme, extensionId: extension.id };
  const openContainer = new OpenContainer(
    async (row) => (await onFirstUse()).exec([row], services),
    () => tree.selection,
  );
  subscriptions.push(
    channel,
    provider,
    provider.onDidConnect((client) => chosen.use(client)),
    provider.onDidChange(() => inventory.reset()),
    provider.onDidChange(() => remoteShells.renew()),
    inventory.onDidForgetGroup((id) => remoteShells.forgetGroup(id)),
    inventory,
    inventory.onDidFallBack((error) =>
      log.warn('Resource Graph gave no answer; listing each subscription', error),
    ),
    tree,
    properties,
    terminals,
    logTerminals,
    logDocuments,
    stateDocuments,
    commandTerminals,
    forwards,
    remoteShells,
    vscode.window.registerTerminalProfileProvider('containerInstances.exec', {
      provideTerminalProfile: async () => (await onFirstUse()).execProfile(services),
    }),
    registerLinks(async (uri) => (await onFirstUse()).openExecLink(uri, services), log),
    registerTaskProvider(services),
    new ContainerFileSystem(services.files, new FileAccess(services.opened, inventory, log), log),
    registerCommands(
      {
        activateContainer: (row) => openContainer.activate(row),
        browseFiles: async (...args) => (await onFirstUse()).browseFiles(args, services),
        clearFilter: () => (tree.filter = ''),
        collectDiagnostics: async () => (await onFirstUse()).collectDiagnostics(diagnosed),
        copyExecLink: async (...args) => (await onFirstUse()).copyExecLink(args, linkBase, services),
        delete: (...args) => deleteGroups(args, operations),
        deleteSelected: () => deleteGroups([tree.selection[0], tree.selection], operations),
        copyAzureCliCommand: async (...args) => (await onFirstUse()).copyAzureCliCommand(args, services),
        copyForwardedAddress: (...args) => copyForwardedAddress(args, forwards),
        copyFqdn: (...args) => copy('fqdn', args, services),
        copyImage: (...args) => copy('image', args, services),
        copyIpAddress: (...args) => copy('ipAddress', args, services),
        copyName: (...args) => copy('name', args, services),
        copyResourceId: (...args) => copy('resourceId', args, services),
        download: async (...args) => (await onFirstUse()).download(args, services),
        enter: () => openContainer.enter(),
        exec: async (...args) => (await onFirstUse()).exec(args, services),
        execWithCommand: async (...args) =>
          (await onFirstUse()).execWithCommand(args, services, recentCommands),
        explainState: async (...args) => (await onFirstUse()).explainState(args, services, stateDocuments),
        filter: () => filter(tree),
        followLogs: (...args) => followLogs(args, services, logTerminals),
        forwardPort: async (...args) =>
          (await onFirstUse()).forwardPort(args, services, forwards, (forwarded) => tree.reveal(forwarded)),
        groupBy: () => groupBy(),
        hideEmptySubscriptions: () => setHideEmptySubscriptions(true),
        hideValue: (...args) => revealValue(false, args, properties),
        openForwardedPort: (...args) => openForwardedPort(args, forwards),
        openFile: async (...args) => (await onFirstUse()).openFile(args, services),
        openInBrowser: async (...args) => (await onFirstUse()).openInBrowser(args, services),
        openInPortal: async (...args) => (await onFirstUse()).openInPortal(args, azure, services),
        openRoleAssignments: async (...args) =>
          (await onFirstUse()).openRoleAssignments(args, azure, services),
        reconnect: () => reconnect(terminals),
        refresh: (...args) => refresh(args, inventory),
        reportIssue: async () => (await onFirstUse()).reportIssue(diagnosed),
        restart: (...args) => restart(args, operations),
        reloadLog: (...args) => reloadLog(args, logDocuments),
        revealValue: (...args) => revealValue(true, args, properties),
        runCommand: async (...args) => (await onFirstUse()).runCommand(args, services, recentRunCommands),
        selectSubscriptions: async () => (await onFirstUse()).selectSubscriptions(inventory, chosen),
        selectTenants: async () => (await onFirstUse()).selectTenants(azure, inventory, hidden),
        showEmptySubscriptions: () => setHideEmptySubscriptions(false),
        showLog: () => channel.show(true),
        showMore: (...args) => showMore(args, tree),
        signIn: () => signIn(false, provider, inventory),
        signInAnother: () => signIn(true, provider, inventory),
        signInToTenant: (...args) => signInToTenant(args, provider, inventory),
        sortBy: () => sortBy(),
        start: (...args) => start(args, operations),
        stopForwardedPort: (...args) => stopForwardedPort(args, forwards),
        stop: (...args) => stop(args, operations),
        toggleLogTimestamps: (...args) => toggleLogTimestamps(args, logDocuments),
        upload: async (...args) => (await onFirstUse()).upload(args, services),
        viewLogs: async (...args) => (await onFirstUse()).viewLogs(args, services, logDocuments),
        viewProperties: (...args) => viewProperties(args, services, properties),
      },
      log,
    ),
  );
}
