import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import type { GroupVerb, OperationPhase } from '../../azure/groupVerbs.ts';

/** What a row says while something is done to its group. */
export function progressText(verb: GroupVerb): string {
  switch (verb) {
    case 'start':
      return vscode.l10n.t('Starting…');
    case 'stop':
      return vscode.l10n.t('Stopping…');
    case 'restart':
      return vscode.l10n.t('Restarting…');
    case 'delete':
      return vscode.l10n.t('Deleting…');
  }
}

/** The same for a notification, with the groups. */
export function progressTitle(verb: GroupVerb, groups: readonly ContainerGroup[]): string {
  const names = namesOf(groups);
  switch (verb) {
    case 'start':
      return vscode.l10n.t('Starting {0}', names);
    case 'stop':
      return vscode.l10n.t('Stopping {0}', names);
    case 'restart':
      return vscode.l10n.t('Restarting {0}', names);
    case 'delete':
      return vscode.l10n.t('Deleting {0}', names);
  }
}

/** The question before something is done. */
export function questionText(verb: GroupVerb, groups: readonly ContainerGroup[]): string {
  const names = namesOf(groups);
  switch (verb) {
    case 'start':
      return vscode.l10n.t('Start {0}?', names);
    case 'stop':
      return vscode.l10n.t('Stop {0}?', names);
    case 'restart':
      return vscode.l10n.t('Restart {0}?', names);
    case 'delete':
      return vscode.l10n.t('Delete {0}?', names);
  }
}

/** What it costs. */
export function costText(verb: GroupVerb): string {
  switch (verb) {
    case 'start':
      return vscode.l10n.t('Starting pulls the images again where they have changed, and billing begins.');
    case 'stop':
      return vscode.l10n.t(
        'Stopping ends billing. What the containers hold in memory and on their own disks is lost, and the IP address may change.',
      );
    case 'restart':
      return vscode.l10n.t(
        'Restarting pulls the images again where they have changed. What the containers hold in memory and on their own disks is lost.',
      );
    case 'delete':
      return vscode.l10n.t('This cannot be undone.');
  }
}

/** A group with which Azure is not done, and how far it has come with it. */
export interface UnfinishedGroup {
  readonly group: ContainerGroup;
  readonly phase: OperationPhase;
}

/** What is said when the user no longer waits. */
export function cancelledText(unfinished: readonly UnfinishedGroup[]): string {
  const groupsIn = (phase: OperationPhase) =>
    unfinished.flatMap((each) => (each.phase === phase ? [each.group] : []));
  const [accepted, asked, waiting] = [groupsIn('accepted'), groupsIn('asked'), groupsIn('waiting')];
  return [
    ...(accepted.length === 0
      ? []
      : [vscode.l10n.t('Azure goes on with {0}; the list shows when it is done.', namesOf(accepted))]),
    ...(asked.length === 0
      ? []
      : [
          vscode.l10n.t(
            'Azure had not answered yet for {0}; the list shows whether it begins.',
            namesOf(asked),
          ),
        ]),
    ...(waiting.length === 0 ? [] : [vscode.l10n.t('Nothing was started for {0}.', namesOf(waiting))]),
  ].join(' ');
}

/** The most containers and groups that a dialog names. */
const mostNamed = 10;

/** Which groups, where they are and what is in them, one a line. */
export function contentsText(groups: readonly ContainerGroup[]): string {
  const lines = groups
    .slice(0, mostNamed)
    .map(({ name, resourceGroup, containers }) =>
      vscode.l10n.t(
        '{0} in resource group {1}, with: {2}',
        name,
        resourceGroup,
        listText(containers.map((container) => container.name)),
      ),
    );
  const more = groups.length - lines.length;
  return [...lines, ...(more > 0 ? [vscode.l10n.t('and {0} more', more)] : [])].join('\n');
}

function namesOf(groups: readonly ContainerGroup[]): string {
  const [first] = groups;
  return groups.length === 1 && first !== undefined
    ? vscode.l10n.t('container group "{0}"', first.name)
    : vscode.l10n.t('{0} container groups', groups.length);
}

function listText(names: readonly string[]): string {
  const named = names.slice(0, mostNamed);
  const more = names.length - named.length;
  return [...named, ...(more > 0 ? [vscode.l10n.t('and {0} more', more)] : [])].join(', ');
}
