import * as vscode from 'vscode';
import type { CommandLine } from '../../exec/commandLine.ts';
import { confirm, showError } from '../messages/notify.ts';
import type { ImageShells } from '../state/imageShells.ts';
import type { ExecTerminals, OpeningServices } from '../terminal/execTerminals.ts';
import type { ExecTarget } from '../terminal/terminalSession.ts';
import { runningContainers } from './pickContainer.ts';
import { runningTarget } from './runningTarget.ts';
import { selectContainers, selectedRows, type ContainerTarget, type TargetServices } from './target.ts';

/** What the commands need that open a terminal in a container. */
export interface ExecServices extends TargetServices, Omit<OpeningServices, 'onStarted'> {
  readonly imageShells: ImageShells;
  readonly terminals: ExecTerminals;
}

/** Up to this many terminals open without asking. */
const openedUnasked = 5;

/** The containers to open a terminal in; none where the user does not want as many. */
export async function selectForExec(
  args: readonly unknown[],
  services: ExecServices,
): Promise<readonly ContainerTarget[]> {
  const count = selectedRows(args).length;
  if (count > openedUnasked && !(await confirmMany(count))) {
    return [];
  }
  const words = {
    title: vscode.l10n.t('Exec in a Running Container'),
    titleIn: (group: string) => vscode.l10n.t('Exec in {0}', group),
    offer: runningContainers(),
  };
  return selectContainers(args, words, services);
}

/** A terminal that is about to open. */
interface PreparedExec {
  readonly target: Omit<ExecTarget, 'name'>;
  readonly services: OpeningServices;
}

/** Opens a terminal in a container, or says why there is none. */
export async function openExecTerminal(
  target: ContainerTarget,
  commands: readonly CommandLine[],
  services: ExecServices,
): Promise<void> {
  const prepared = await prepareExec(target, commands, services);
  if (prepared !== undefined) {
    await services.terminals.create(prepared.target, prepared.services);
  }
}

/**
 * What a terminal in a container needs, at once where the container ran when it was last looked at: whether it still
 * does is asked for beside the session. Any other is looked at first, as Azure would answer 200 to an exec in it.
 * Undefined where the user has been told why there is no terminal.
 */
export async function prepareExec(
  target: ContainerTarget,
  commands: readonly CommandLine[],
  services: ExecServices,
): Promise<PreparedExec | undefined> {
  if (commands.length === 0) {
    showError(
      vscode.l10n.t(
        'No shell is set. Add one to "containerInstances.exec.linuxShells" or "containerInstances.exec.windowsShells".',
      ),
    );
    return undefined;
  }
  const running = await runningTarget(target, services.inventory);
  if (running === undefined) {
    return undefined;
  }
  const { group, container } = running;
  return {
    target: { group, container, commands },
    services: {
      ...services,
      onStarted: (command) => {
        if (commands.length > 1) {
          services.imageShells.add(container.image, command.shown);
        }
      },
    },
  };
}

function confirmMany(count: number): Promise<boolean> {
  return confirm(
    vscode.l10n.t('Exec opens a terminal for each of the {0} selected rows.', count),
    vscode.l10n.t('Open {0} Terminals', count),
  );
}
