import type * as vscode from 'vscode';
import { isSameId } from '../../azure/resourceIds.ts';
import { RemoteShellUnavailable } from '../../exec/remoteShell/errors.ts';
import type { RemoteFiles } from '../../files/remoteFiles.ts';
import { runningContainers } from '../commands/pickContainer.ts';
import { runningTarget } from '../commands/runningTarget.ts';
import {
  selectContainers,
  withViewProgress,
  type ContainerTarget,
  type TargetServices,
} from '../commands/target.ts';
import type { OpenedContainers } from '../state/openedContainers.ts';
import type { ContainerFiles } from './containerFiles.ts';
import { containerUri, type ContainerPath } from './containerUri.ts';

export interface FileServices extends TargetServices {
  readonly files: ContainerFiles;
  readonly opened: OpenedContainers;
}

/** A running container and its files. */
export interface SelectedFiles {
  readonly target: ContainerTarget;
  readonly files: RemoteFiles;
}

/** The files of the container that a command acts on; says why where it has none to act on. */
export async function selectFiles(
  args: readonly unknown[],
  title: string,
  services: FileServices,
): Promise<SelectedFiles | undefined> {
  const words = { title, titleIn: () => title, offer: runningContainers() };
  const [selected] = await selectContainers(args, words, services);
  return selected === undefined ? undefined : filesOf(selected, services);
}

/** The files of a container, which may have been started since it was last seen. */
async function filesOf(known: ContainerTarget, services: FileServices): Promise<SelectedFiles | undefined> {
  if (known.group.osType === 'Windows') {
    throw new RemoteShellUnavailable('windows');
  }
  const target = await runningTarget(known, services.inventory);
  return target === undefined ? undefined : { target, files: await services.files.of(target) };
}

/** The address of a path in a container that the user opens: nobody asks whether it may be. */
export async function openedUri(
  { group, container }: ContainerTarget,
  path: string,
  { opened }: FileServices,
): Promise<vscode.Uri> {
  await opened.add(container.id);
  return containerUri({ groupId: group.id, containerName: container.name, path });
}

/** The files of the container that an address names. */
export async function filesAt(
  { groupId, containerName }: ContainerPath,
  services: FileServices,
): Promise<SelectedFiles | undefined> {
  const group = await withViewProgress((signal) => services.inventory.containerGroup(groupId, signal));
  const container = group.containers.find(({ name }) => isSameId(name, containerName));
  return container === undefined ? undefined : filesOf({ group, container }, services);
}
