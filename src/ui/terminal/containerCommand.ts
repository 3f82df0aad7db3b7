import type { Container, ContainerGroup } from '../../azure/containerGroups.ts';
import { isCancellation } from '../../base/cancellation.ts';
import type { Disposable } from '../../base/disposableStore.ts';
import type { ShellCommand } from '../../exec/remoteShell/commandSource.ts';
import { RemoteShellLost, RemoteShellUnavailable } from '../../exec/remoteShell/errors.ts';
import type { RemoteShells } from '../../exec/remoteShell/remoteShells.ts';
import type { OutputCheck, OutputFlow } from '../../exec/remoteShell/runCommand.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Log } from '../log.ts';
import { explain } from '../messages/problems.ts';
import { explainChange } from '../messages/notRunning.ts';
import type { PacedScreen } from './pacedScreen.ts';

/** A container that a command runs in, as it was known last. */
export interface CommandTarget {
  readonly group: ContainerGroup;
  readonly container: Container;
}

export interface CommandServices {
  readonly inventory: Inventory;
  readonly remoteShells: RemoteShells;
  readonly log: Log;
}

/** What became of a command in one container. */
export type CommandEnd =
  | {
      readonly kind: 'exited';
      readonly exitCode: number;
      readonly output: OutputCheck;
      readonly tookMs: number;
    }
  | { readonly kind: 'failed'; readonly text: string }
  | { readonly kind: 'cancelled' };

/** Where the output of a command goes; `screen` paces it. */
interface ShownCommand {
  readonly screen: PacedScreen;
  readonly output: OutputStream;
  readonly errors: OutputStream;
}

interface OutputStream {
  write(data: Buffer): void;
  end(): void;
}

/**
 * Runs a command in a container. Never rejects. One that could not be run is explained by what the container is then, as
 * Azure starts sessions in an ended one too.
 */
export async function runInContainer(
  target: CommandTarget,
  command: ShellCommand,
  { screen, output, errors }: ShownCommand,
  signal: AbortSignal,
  { inventory, remoteShells, log }: CommandServices,
): Promise<CommandEnd> {
  const startedAt = performance.now();
  const { container, group } = target;
  let pacing: Disposable | undefined;
  const events = {
    onStart: (flow: OutputFlow) => (pacing = screen.pace(flow)),
    onStdout: (data: Buffer) => output.write(data),
    onStderr: (data: Buffer) => errors.write(data),
  };
  try {
    const result = await remoteShells.of(target).run(command, events, signal);
    return { kind: 'exited', ...result, tookMs: performance.now() - startedAt };
  } catch (error) {
    if (isCancellation(error)) {
      return { kind: 'cancelled' };
    }
    log.error(`A command in ${container.name} failed`, error);
    if (
      error instanceof RemoteShellLost ||
      (error instanceof RemoteShellUnavailable && error.reason === 'noAnswer')
    ) {
      const change = await changeOf(container, group, inventory, signal);
      return { kind: 'failed', text: change ?? explain(error) };
    }
    return { kind: 'failed', text: explain(error) };
  } finally {
    pacing?.dispose();
    output.end();
    errors.end();
  }
}

/** What has become of the container, where Azure tells of a change. */
async function changeOf(
  known: Container,
  knownGroup: ContainerGroup,
  inventory: Inventory,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const group = await inventory.freshContainerGroup(knownGroup.id, signal);
    return explainChange(
      group,
      known,
      group.containers.find(({ name }) => name === known.name),
    );
  } catch {
    return undefined; // the first error says more
  }
}
