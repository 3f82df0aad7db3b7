import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { isCancellation } from '../../base/cancellation.ts';
import { DisposableStore } from '../../base/disposableStore.ts';
import { RemoteShellUnavailable } from '../../exec/remoteShell/errors.ts';
import { showError, showInformation, withLateProgress } from '../messages/notify.ts';
import { pickItem } from '../messages/pickItem.ts';
import { plainText } from '../messages/plainText.ts';
import { explainForward, forwardStarted } from '../messages/ports.ts';
import type { ForwardedPort, PortForwards } from '../ports/portForwards.ts';
import { runningContainers } from './pickContainer.ts';
import { runningTarget } from './runningTarget.ts';
import { selectContainers, type ContainerTarget, type TargetServices } from './target.ts';

/** "Forward Port…": a port of each selected container becomes one of this computer. */
export async function forwardPort(
  args: readonly unknown[],
  services: TargetServices,
  forwards: PortForwards,
  reveal: (forwarded: ForwardedPort) => Promise<void>,
): Promise<void> {
  const title = vscode.l10n.t('Forward a Port');
  const words = { title, titleIn: () => title, offer: runningContainers() };
  for (const selected of await selectContainers(args, words, services)) {
    await forwardPortOf(selected, services, forwards, reveal);
  }
}

async function forwardPortOf(
  selected: ContainerTarget,
  services: TargetServices,
  forwards: PortForwards,
  reveal: (forwarded: ForwardedPort) => Promise<void>,
): Promise<void> {
  if (selected.group.osType === 'Windows') {
    throw new RemoteShellUnavailable('windows');
  }
  const target = await runningTarget(selected, services.inventory);
  if (target === undefined) {
    return;
  }
  const { container } = target;
  const port = await pickPort(target, forwards.of(container.id));
  if (port === undefined) {
    return;
  }
  const known = forwards.of(container.id).find((forwarded) => forwarded.port === port);
  try {
    const forwarded =
      known ??
      (await withLateProgress(
        vscode.l10n.t('Forwarding port {0} of container "{1}"', String(port), container.name),
        (signal) => forwards.start(target, port, localPortsFor(port), signal),
      ));
    showInformation(forwardStarted(port, container.name, forwarded.localPort), [
      {
        title: vscode.l10n.t('Open in Browser'),
        command: 'containerInstances.openForwardedPort',
        arguments: [forwarded],
      },
      {
        title: vscode.l10n.t('Copy Address'),
        command: 'containerInstances.copyForwardedAddress',
        arguments: [forwarded],
      },
    ]);
    await reveal(forwarded);
  } catch (error) {
    if (!isCancellation(error)) {
      services.log.error(`Forwarding port ${port} of ${container.id} failed`, error);
      showError(explainForward(error));
    }
  }
}

/** Ports below are the system's own on many computers. */
const firstUserPort = 1024;

/** The same port where it is free, else one that is like it, else any. */
function localPortsFor(port: number): readonly number[] {
  return port < firstUserPort ? [port, 8000 + port, 0] : [port, 0];
}

interface PortItem extends vscode.QuickPickItem {
  readonly port: number;
}

/** A port that the container or its group declares, or one that is typed. */
async function pickPort(
  { group, container }: ContainerTarget,
  forwarded: readonly ForwardedPort[],
): Promise<number | undefined> {
  const disposables = new DisposableStore();
  const quickPick = disposables.add(vscode.window.createQuickPick<PortItem>());
  const declared = declaredPorts(group, container.name).map((port) =>
    pickItem({ label: String(port), description: descriptionOf(port, forwarded), port }),
  );
  quickPick.title = plainText(vscode.l10n.t('Forward a Port of {0}', container.name));
  quickPick.placeholder = vscode.l10n.t("Choose or type the container's port, from 1 to 65535");
  quickPick.items = declared;
  const chosen = Promise.withResolvers<number | undefined>();
  disposables.add(
    quickPick.onDidChangeValue((value) => {
      const typed = portIn(value);
      const isNew = typed !== undefined && declared.every(({ port }) => port !== typed);
      const description = vscode.l10n.t('Another port of the container');
      quickPick.items = isNew
        ? [...declared, { label: String(typed), description, port: typed, alwaysShow: true }]
        : declared;
    }),
  );
  disposables.add(quickPick.onDidHide(() => chosen.resolve(undefined)));
  disposables.add(
    quickPick.onDidAccept(() => {
      const port = quickPick.selectedItems[0]?.port ?? portIn(quickPick.value);
      if (port !== undefined) {
        chosen.resolve(port);
      }
    }),
  );
  quickPick.show();
  try {
    return await chosen.promise;
  } finally {
    disposables.dispose();
  }
}

function portIn(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function declaredPorts(group: ContainerGroup, container: string): readonly number[] {
  const own = group.containers.find(({ name }) => name === container)?.ports ?? [];
  const ports = own.filter(({ protocol }) => protocol.toUpperCase() === 'TCP').map(({ port }) => port);
  return [...new Set(ports)];
}

function descriptionOf(port: number, forwarded: readonly ForwardedPort[]): string {
  const known = forwarded.find((each) => each.port === port);
  return known === undefined
    ? vscode.l10n.t('Declared by the container')
    : vscode.l10n.t('Forwarded to localhost:{0}', String(known.localPort));
}
