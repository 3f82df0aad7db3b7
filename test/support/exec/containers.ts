import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import type { ExecEndpoint, TerminalSize } from '../../../src/azure/resourceManager/containerOperations.ts';
import { RemoteEngine } from '../../../src/exec/remoteShell/remoteEngine.ts';
import { RemoteShell } from '../../../src/exec/remoteShell/remoteShell.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import type { RootImage } from '../../emulator/rootFolders.ts';

const subscription = '11111111-0001-4000-8000-000000000001';
const container = 'main';

/** Running containers of a simulated Azure, one of each image, and engines for them. */
export class Containers {
  readonly azure: Emulator;

  private constructor(azure: Emulator) {
    this.azure = azure;
  }

  static async start(images: readonly RootImage[]): Promise<Containers> {
    const azure = await startEmulator({
      scenario: {
        subscriptions: [
          {
            subscriptionId: subscription,
            displayName: 'Engine',
            groups: images.map((image) => ({
              name: image,
              resourceGroup: 'rg',
              location: 'westeurope',
              containers: [{ name: container, image, root: image }],
            })),
          },
        ],
        timings: { execDelayMs: 0 },
      },
    });
    tls.setDefaultCACertificates([...tls.getCACertificates(), readFileSync(azure.caPath, 'utf8')]);
    return new Containers(azure);
  }

  async close(): Promise<void> {
    await this.azure.close();
  }

  groupId(image: RootImage): string {
    return `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/${image}`;
  }

  /** The folder of a container's file system. @throws {Error} until it has been used: nobody may take this machine's for it. */
  root(image: RootImage): string {
    const root = this.azure.rootOf(this.groupId(image), container);
    if (root === undefined) {
      throw new Error(`the container of ${image} has not been used yet`);
    }
    return root;
  }

  /** The path of a container's sessions, for faults. */
  execPath(image: RootImage): string {
    return `${this.groupId(image)}/containers/${container}`;
  }

  /** A remote shell; `handOver` is what the service makes of a command. */
  shell(
    image: RootImage,
    signal: AbortSignal,
    handOver: (command: string) => string = (command) => command,
  ): Promise<RemoteShell> {
    return RemoteShell.open({
      connectTimeoutMs: 30_000,
      keepAliveMs: 0,
      signal,
      request: (command, size) => this.exec(image, handOver(command), size),
    });
  }

  engine(image: RootImage): RemoteEngine {
    return new RemoteEngine((signal) => this.shell(image, signal));
  }

  /** The command lines of all that runs in a container. */
  processes(image: RootImage): readonly string[] {
    return this.azure
      .processes(this.groupId(image), container)
      .map(({ command }) => command)
      .filter((command) => command !== ''); // one that has ended has none
  }

  /** The same without remote shells at rest. */
  commands(image: RootImage): readonly string[] {
    return this.processes(image).filter((command) => !command.startsWith('/bin/sh -c eval${IFS}'));
  }

  private async exec(image: RootImage, command: string, size: TerminalSize): Promise<ExecEndpoint> {
    const { endpoint, credentials } = this.azure;
    const answer = await fetch(`${endpoint}${this.execPath(image)}/exec?api-version=2025-09-01`, {
      method: 'POST',
      headers: { authorization: `Bearer ${credentials.bearerToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ command, terminalSize: { rows: size.rows, cols: size.columns } }),
    });
    return (await answer.json()) as ExecEndpoint; // the emulator's own answer
  }
}
