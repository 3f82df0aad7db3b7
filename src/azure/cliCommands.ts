import { isRunning, type Container, type ContainerGroup } from './containerGroups.ts';
import { stateAllows, type GroupVerb } from './groupVerbs.ts';

/** What the Azure CLI can do with a container group. */
export const groupVerbs = ['show', 'start', 'stop', 'restart', 'delete'] as const satisfies readonly (
  GroupVerb | 'show'
)[];

/** What it can do with one of its containers. */
export const containerVerbs = ['exec', 'attach', 'logs'] as const;

export type GroupCommand = (typeof groupVerbs)[number];
export type ContainerVerb = (typeof containerVerbs)[number];

/** Whether a verb does something to a group in its present state. */
export function groupCan(verb: GroupCommand, group: ContainerGroup): boolean {
  return verb === 'show' || stateAllows(verb, group);
}

/** The same for a container. */
export function containerCan(verb: ContainerVerb, container: Container): boolean {
  return verb === 'logs' || isRunning(container);
}

/** The words of a command for a group. Where `az` would not wait, or ask, it does as it is used to. */
export function groupCommand(verb: GroupCommand, group: ContainerGroup): readonly string[] {
  const { subscriptionId, resourceGroup, name } = group;
  return ['az', 'container', verb, '--subscription', subscriptionId, '-g', resourceGroup, '-n', name];
}

/** The words of a command for one container of a group; `execCommand` is what `exec` starts in it. */
export function containerCommand(
  verb: ContainerVerb,
  { subscriptionId, resourceGroup, name }: ContainerGroup,
  container: Container,
  execCommand: string,
): readonly string[] {
  return [
    'az',
    'container',
    verb,
    '--subscription',
    subscriptionId,
    '-g',
    resourceGroup,
    '-n',
    name,
    '--container-name',
    container.name,
    ...(verb === 'exec' ? ['--exec-command', execCommand] : []),
  ];
}
