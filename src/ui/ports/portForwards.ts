import type * as vscode from 'vscode';
import { isRunning } from '../../azure/containerGroups.ts';
import { isSameId, ResourceIdMap } from '../../azure/resourceIds.ts';
import { isCancellation } from '../../base/cancellation.ts';
import { DisposableStore } from '../../base/disposableStore.ts';
import { Emitter } from '../../base/emitter.ts';
import type { RemoteShells } from '../../exec/remoteShell/remoteShells.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { PortForward, PortTraffic, PortTrouble } from '../../ports/portForward.ts';
import type { RelayTools } from '../../ports/relayTool.ts';
import type { ContainerTarget } from '../commands/target.ts';
import type { Log } from '../log.ts';
import { showInformation, showWarning } from '../messages/notify.ts';
import { explainTrouble, forwardEnded } from '../messages/ports.ts';

/** A port of a container that is forwarded. */
export interface ForwardedPort {
  readonly target: ContainerTarget;
  readonly port: number;
  readonly localPort: number;
  readonly traffic: PortTraffic;
}

interface Entry {
  readonly forwarded: ForwardedPort;
  readonly forward: PortForward;
  readonly said: Set<string>;
}

/** The ports that are forwarded. They end with their containers, with the account, and with the window. */
export class PortForwards implements vscode.Disposable {
  private readonly remoteShells: RemoteShells;
  private readonly inventory: Inventory;
  private readonly log: Log;
  private readonly disposables = new DisposableStore();
  private readonly entries = new Set<Entry>();
  /** What the images of containers have for it. */
  private readonly tools = new ResourceIdMap<RelayTools>();
  private readonly listChanged = new Emitter<string>();
  private readonly trafficChanged = new Emitter<undefined>();
  /** Ends what is about to start. */
  private current = new AbortController();

  /** With the id of the container group whose list has changed. */
  readonly onDidChange = this.listChanged.event;
  /** Traffic of any; it may come many times a second. */
  readonly onDidChangeTraffic = this.trafficChanged.event;

  constructor(remoteShells: RemoteShells, inventory: Inventory, log: Log) {
    this.remoteShells = remoteShells;
    this.inventory = inventory;
    this.log = log;
    this.disposables.add(inventory.onDidReset(() => this.stopAll()));
    this.disposables.add(inventory.onDidChangeGroup((id) => this.stopEnded(id)));
    this.disposables.add(inventory.onDidForgetGroup((id) => void this.tools.deleteBelow(id)));
  }

  /** Those of a container. */
  of(containerId: string): readonly ForwardedPort[] {
    return [...this.entries]
      .map(({ forwarded }) => forwarded)
      .filter(({ target }) => isSameId(target.container.id, containerId));
  }

  get all(): readonly ForwardedPort[] {
    return [...this.entries].map(({ forwarded }) => forwarded);
  }

  /**
   * Forwards a port of a container to the first of the local ports that is free.
   * @throws {NoRelayTool}, {@link LocalPortTaken}, and what a remote shell throws.
   */
  async start(
    target: ContainerTarget,
    port: number,
    localPorts: readonly number[],
    signal: AbortSignal,
  ): Promise<ForwardedPort> {
    const { PortForward } = await import('../../onFirstUse.ts');
    const { id } = target.container;
    const tools = this.tools.get(id);
    const forward = await PortForward.start({
      engine: this.remoteShells.of(target),
      port,
      localPorts,
      ...(tools === undefined ? {} : { tools }),
      signal: AbortSignal.any([signal, this.current.signal]),
    });
    this.tools.set(id, forward.tools);
    const forwarded: ForwardedPort = {
      target,
      port,
      localPort: forward.localPort,
      get traffic() {
        return forward.traffic;
      },
    };
    const entry: Entry = { forwarded, forward, said: new Set() };
    forward.onDidChange(() => this.trafficChanged.fire(undefined));
    forward.onDidMeetTrouble((trouble) => void this.met(entry, trouble));
    this.entries.add(entry);
    this.log.info(`Port ${port} of ${id} is forwarded to ${forward.localPort} with ${forward.tools.tool}`);
    this.listChanged.fire(target.group.id);
    return forwarded;
  }

  stop(forwarded: ForwardedPort): void {
    for (const entry of this.entries) {
      if (entry.forwarded === forwarded) {
        this.end(entry);
      }
    }
  }

  dispose(): void {
    this.disposables.dispose();
    this.stopAll();
  }

  private stopAll(): void {
    this.current.abort();
    this.current = new AbortController();
    this.tools.clear();
    this.entries.forEach((entry) => this.end(entry));
  }

  private end(entry: Entry): void {
    const { port, target } = entry.forwarded;
    entry.forward.dispose();
    this.entries.delete(entry);
    this.log.info(`Port ${port} of ${target.container.id} is forwarded no more`);
    this.listChanged.fire(target.group.id);
  }

  /** A container that has ended takes its forwards with it; another run of it may have another image. */
  private stopEnded(groupId: string): void {
    const group = this.inventory.known(groupId);
    if (group === undefined) {
      return;
    }
    for (const entry of this.entries) {
      const { target, port } = entry.forwarded;
      if (isSameId(target.group.id, groupId)) {
        const now = group.containers.find(({ name }) => name === target.container.name);
        if (now === undefined || !isRunning(now)) {
          this.tools.delete(target.container.id);
          this.end(entry);
          showInformation(forwardEnded(port, target.container.name));
        }
      }
    }
  }

  /** Tells each kind of trouble once, and looks whether the container still runs. */
  private async met({ forwarded, said }: Entry, trouble: PortTrouble): Promise<void> {
    const { target, port } = forwarded;
    const kind = trouble.kind === 'connection' ? trouble.end : trouble.kind;
    this.log.warn(
      `A connection to port ${port} of ${target.container.id}`,
      trouble.kind === 'session' ? trouble.error : trouble.end,
    );
    if (kind === 'session' || kind === 'lost') {
      await this.lookAgain(target.group.id);
      if (!this.all.includes(forwarded)) {
        return; // the container has ended, which has been said
      }
    }
    const text = explainTrouble(trouble, port, target.container.name);
    if (text !== undefined && !said.has(kind)) {
      said.add(kind);
      showWarning(text);
    }
  }

  private async lookAgain(groupId: string): Promise<void> {
    try {
      await this.inventory.freshContainerGroup(groupId, this.current.signal);
      this.stopEnded(groupId);
    } catch (error) {
      if (!isCancellation(error)) {
        this.log.warn(`No state of ${groupId}`, error);
      }
    }
  }
}
