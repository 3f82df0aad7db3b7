import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { isSameId } from '../../azure/resourceIds.ts';
import type { RemoteEngine } from '../../exec/remoteShell/remoteEngine.ts';
import type { RemoteContainer, RemoteShells } from '../../exec/remoteShell/remoteShells.ts';
import { FileError } from '../../files/errors.ts';
import type { RemoteFiles } from '../../files/remoteFiles.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { ContainerPath } from './containerUri.ts';

/** The files of all containers. */
export class ContainerFiles {
  private readonly inventory: Inventory;
  private readonly remoteShells: RemoteShells;
  private readonly known = new WeakMap<RemoteEngine, RemoteFiles>();

  constructor(inventory: Inventory, remoteShells: RemoteShells) {
    this.inventory = inventory;
    this.remoteShells = remoteShells;
  }

  async of(target: RemoteContainer): Promise<RemoteFiles> {
    const { RemoteFiles } = await import('../../onFirstUse.ts');
    const engine = this.remoteShells.of(target);
    const files = this.known.get(engine) ?? new RemoteFiles(engine);
    this.known.set(engine, files);
    return files;
  }

  /** The files of the container that an address names. */
  async at({ groupId, containerName, path }: ContainerPath, signal: AbortSignal): Promise<RemoteFiles> {
    const group = this.inventory.known(groupId) ?? (await this.inventory.containerGroup(groupId, signal));
    const container = containerOf(group, containerName);
    if (container === undefined) {
      throw new FileError('notFound', path);
    }
    return this.of({ group, container });
  }
}

function containerOf(group: ContainerGroup, name: string): ContainerGroup['containers'][number] | undefined {
  return group.containers.find((container) => isSameId(container.name, name));
}
