import * as vscode from 'vscode';
import { plainText } from '../messages/plainText.ts';
import {
  containerCan,
  containerCommand,
  containerVerbs,
  groupCan,
  groupCommand,
  groupVerbs,
  type ContainerVerb,
  type GroupCommand,
} from '../../azure/cliCommands.ts';
import type { Container, ContainerGroup } from '../../azure/containerGroups.ts';
import { quoteArguments, shellSyntax } from '../../base/shellQuoting.ts';
import { shells } from '../settings.ts';
import type { ImageShells } from '../state/imageShells.ts';
import { ContainerNode } from '../tree/containerNode.ts';
import { allGroups } from './pickGroup.ts';
import { selectedRows, selectGroups, type TargetServices } from './target.ts';

interface CliServices extends TargetServices {
  readonly imageShells: ImageShells;
}

/** A row that commands are made for: a group, or some of its containers. */
interface CliTarget {
  readonly group: ContainerGroup;
  readonly containers: readonly Container[];
  readonly groupVerbs: readonly GroupCommand[];
}

/** Copies commands of the Azure CLI for what all rows can do, which the user picks; one a line, quoted for VS Code's shell. */
export async function copyAzureCliCommand(args: readonly unknown[], services: CliServices): Promise<void> {
  const title = vscode.l10n.t('Copy Azure CLI Command');
  const targets = await selectTargets(args, title, services);
  const items = [...containerVerbs, ...groupVerbs].flatMap((verb) => {
    const lists = targets.map((target) => commandsOf(verb, target, services));
    const line = (words: readonly string[]) =>
      quoteArguments(words, shellSyntax(vscode.env.shell, process.platform));
    return lists.some((commands) => commands.length === 0)
      ? []
      : [{ label: `az container ${verb}`, text: lists.flat().map(line).join('\n') }];
  });
  const picked =
    targets.length === 0
      ? undefined
      : await vscode.window.showQuickPick(items, {
          title: plainText(title),
          placeHolder: vscode.l10n.t('Command'),
        });
  if (picked !== undefined) {
    await vscode.env.clipboard.writeText(picked.text);
  }
}

async function selectTargets(
  args: readonly unknown[],
  title: string,
  services: CliServices,
): Promise<readonly CliTarget[]> {
  const rows = selectedRows(args);
  const containers = rows.filter((row) => row instanceof ContainerNode);
  const others = rows.filter((row) => !(row instanceof ContainerNode));
  const groups =
    rows.length > 0 && others.length === 0
      ? []
      : await selectGroups([others[0], others], { title, offer: allGroups() }, services);
  return [
    ...containers.map(({ group, container }) => ({
      group,
      containers: [container],
      groupVerbs: ['show'] as const,
    })),
    ...groups.map((group) => ({ group, containers: group.containers, groupVerbs })),
  ];
}

function commandsOf(
  verb: ContainerVerb | GroupCommand,
  { group, containers, groupVerbs: possible }: CliTarget,
  { imageShells }: CliServices,
): readonly (readonly string[])[] {
  if (isContainerVerb(verb)) {
    return containers
      .filter((container) => containerCan(verb, container))
      .map((container) => {
        const shell = imageShells.of(container.image) ?? shells(group.osType)[0] ?? '/bin/sh';
        return containerCommand(verb, group, container, shell);
      });
  }
  return possible.includes(verb) && groupCan(verb, group) ? [groupCommand(verb, group)] : [];
}

function isContainerVerb(verb: ContainerVerb | GroupCommand): verb is ContainerVerb {
  return containerVerbs.some((known) => known === verb);
}
