import * as vscode from 'vscode';
import { isRunning } from '../../azure/containerGroups.ts';
import { plainText } from '../messages/plainText.ts';
import { execLocation } from '../settings.ts';
import type { RecentCommandLines } from '../state/recentCommandLines.ts';
import { CommandTerminal } from '../terminal/commandTerminal.ts';
import type { CommandServices } from '../terminal/containerCommand.ts';
import type { OpenTerminals } from '../terminal/openTerminals.ts';
import { askCommandLine } from './askCommandLine.ts';
import { runningContainers } from './pickContainer.ts';
import { runningTarget } from './runningTarget.ts';
import { selectAllContainers, type ContainerTarget, type TargetServices } from './target.ts';

export interface RunCommandServices extends TargetServices, CommandServices {
  readonly commandTerminals: OpenTerminals<{ readonly pty: CommandTerminal }>;
}

/** "Run Command…": runs a command line in the shell of each selected container, of a group in all that run. */
export async function runCommand(
  args: readonly unknown[],
  services: RunCommandServices,
  recent: RecentCommandLines,
): Promise<void> {
  const title = vscode.l10n.t('Run Command');
  const words = { title, titleIn: () => title, offer: runningContainers() };
  const selected = await selectAllContainers(args, words, services);
  const [first] = selected;
  if (first === undefined) {
    return;
  }
  // Where none runs, the first may have been started since it was last seen.
  const running = selected.filter(({ container }) => isRunning(container));
  const target = running[0] ?? (await runningTarget(first, services.inventory));
  if (target === undefined) {
    return;
  }
  const targets = running.length > 0 ? running : [target];
  const engine = services.remoteShells.of(target);
  const preparing = new AbortController();
  const prepared = targets.length === 1 ? engine.prepare(preparing.signal) : undefined; // while the user types
  const command = await askCommandLine(target.container.id, recent, {
    title,
    placeholder: vscode.l10n.t(
      "A command line for the container's own shell, with quotes, pipes and variables",
    ),
    problemOf: () => undefined,
  });
  if (command === undefined) {
    preparing.abort();
    void prepared?.then(() => engine.closeFree());
    return;
  }
  const name = plainText(`${command.shown} (${whereText(targets)})`);
  const pty = new CommandTerminal({ targets, command, name }, services);
  services.commandTerminals.open(
    { name, iconPath: new vscode.ThemeIcon('play'), location: execLocation() },
    { pty },
  );
}

function whereText(targets: readonly ContainerTarget[]): string {
  const [first] = targets;
  return targets.length === 1 && first !== undefined
    ? first.container.name
    : vscode.l10n.t('{0} containers', targets.length);
}
