import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { ResourceIdMap } from '../../azure/resourceIds.ts';
import { cancellation } from '../../base/cancellation.ts';
import { RemoteShellUnavailable } from './errors.ts';
import { RemoteEngine } from './remoteEngine.ts';
import type { RemoteShell } from './remoteShell.ts';

/** A container that something is to run in. */
export interface RemoteContainer {
  readonly group: Pick<ContainerGroup, 'id' | 'osType'>;
  readonly container: { readonly id: string; readonly name: string };
}

/** The engines of all containers, one each. Disposing it ends every session of theirs. */
export class RemoteShells {
  private readonly engines = new ResourceIdMap<RemoteEngine>();
  /** Ends also the sessions of engines that are kept no longer. */
  private readonly closing = new AbortController();
  private readonly open: (target: RemoteContainer, signal: AbortSignal) => Promise<RemoteShell>;

  constructor(open: (target: RemoteContainer, signal: AbortSignal) => Promise<RemoteShell>) {
    this.open = open;
  }

  of(target: RemoteContainer): RemoteEngine {
    const { id } = target.container;
    const known = this.engines.get(id);
    if (known !== undefined) {
      return known;
    }
    const engine = new RemoteEngine((signal) =>
      target.group.osType === 'Windows'
        ? Promise.reject(new RemoteShellUnavailable('windows'))
        : this.open(target, AbortSignal.any([signal, this.closing.signal])),
    );
    this.engines.set(id, engine);
    return engine;
  }

  /** Another account or cloud: what begins from now on has sessions of its own. */
  renew(): void {
    this.engines.values().forEach((engine) => engine.renew());
    this.engines.clear();
  }

  /** A container group that is no longer there. Work that is under way goes on to its end. */
  forgetGroup(groupId: string): void {
    this.engines.deleteBelow(groupId).forEach((engine) => engine.closeFree());
  }

  dispose(): void {
    this.closing.abort(cancellation('the remote shells of all containers were closed'));
    for (const engine of this.engines.values()) {
      engine.dispose();
    }
  }
}
