import * as vscode from 'vscode';
import { isInitContainer, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import type { Exit } from '../../azure/exits.ts';
import type { Obstacle } from '../../azure/obstacles.ts';
import { azureRegistryOf } from '../../azure/registries.ts';
import type { Judged, Verdict } from '../../azure/verdict.ts';
import { exitText } from './exits.ts';
import { sinceText } from './states.ts';

/** The one thing to do next: a command that acts on the container or on its group. */
export type NextStep =
  'exec' | 'viewLogs' | 'start' | 'restart' | 'openInPortal' | 'openRoleAssignments' | 'refresh';

interface Advice {
  readonly text: string;
  readonly step: NextStep;
}

/** A verdict as a sentence or two; `subject` is what they are about, such as `Container "web"`. */
export function explainVerdict(verdict: Verdict, subject: string): string {
  switch (verdict.kind) {
    case 'running':
      return joined(runningText(verdict, subject), restartsText(verdict));
    case 'stopped':
      return vscode.l10n.t('{0} was stopped on request.', subject);
    case 'ended':
      return joined(vscode.l10n.t('{0} {1}.', subject, exitText(verdict.exit)), policyText(verdict));
    case 'restarting':
      return restartingText(verdict, subject);
    case 'notStarted':
      return joined(obstacleText(verdict.obstacle, subject), azureSays(verdict.obstacle));
    case 'provisioningFailed':
      return vscode.l10n.t('{0} was not started: Azure says that provisioning failed, and not why.', subject);
    case 'waitsForInit':
      return joined(
        vscode.l10n.t('{0} waits for its init containers.', subject),
        explainVerdict(verdict.verdict, containerSubject(verdict.container)),
      );
    case 'starting':
      return verdict.isPulling
        ? vscode.l10n.t('{0} is being started: its image is being pulled.', subject)
        : vscode.l10n.t('{0} is being started.', subject);
    case 'changing':
      return changingText(verdict.state, subject);
    case 'ofContainer':
      return explainVerdict(verdict.verdict, containerSubject(verdict.container));
    case 'unknown':
      return unknownText(verdict, subject);
  }
}

/** What to do about a verdict on a container or its group. */
export function adviceOn(verdict: Verdict, group: ContainerGroup): Advice {
  switch (verdict.kind) {
    case 'running':
      return { text: vscode.l10n.t('Exec opens a terminal in it.'), step: 'exec' };
    case 'stopped':
      return { text: vscode.l10n.t('Start the container group to go on.'), step: 'start' };
    case 'ended':
      return verdict.exit.reason === 'success' || verdict.exit.reason === 'terminated'
        ? adviceOnRunningAgain(verdict.isRestarted, group)
        : adviceOnExit(verdict.exit);
    case 'restarting':
      return verdict.exit === undefined ? readLog() : adviceOnExit(verdict.exit);
    case 'notStarted':
      return adviceOnObstacle(verdict.obstacle, group);
    case 'provisioningFailed':
      return {
        text: vscode.l10n.t("The group's activity log in the portal may say why."),
        step: 'openInPortal',
      };
    case 'waitsForInit':
    case 'ofContainer':
      return adviceOn(verdict.verdict, group);
    case 'starting':
    case 'changing':
      return { text: vscode.l10n.t('Wait a little, then refresh.'), step: 'refresh' };
    case 'unknown':
      return { text: vscode.l10n.t('Refresh to ask Azure again.'), step: 'refresh' };
  }
}

/** What a button for a step says. */
export function stepTitle(step: NextStep): string {
  switch (step) {
    case 'exec':
      return vscode.l10n.t('Exec');
    case 'viewLogs':
      return vscode.l10n.t('View Logs');
    case 'start':
      return vscode.l10n.t('Start');
    case 'restart':
      return vscode.l10n.t('Restart');
    case 'openInPortal':
      return vscode.l10n.t('Open in Portal');
    case 'openRoleAssignments':
      return vscode.l10n.t('Open Role Assignments');
    case 'refresh':
      return vscode.l10n.t('Refresh');
  }
}

/** How a sentence names a container or a container group. */
export function subjectOf({ group, container }: Judged): string {
  return container === undefined
    ? vscode.l10n.t('Container group "{0}"', group.name)
    : containerSubject(container);
}

function containerSubject({ id, name }: Container): string {
  return isInitContainer(id)
    ? vscode.l10n.t('Init container "{0}"', name)
    : vscode.l10n.t('Container "{0}"', name);
}

type Of<K extends Verdict['kind']> = Extract<Verdict, { readonly kind: K }>;

function runningText({ since }: Of<'running'>, subject: string): string {
  return since === undefined
    ? vscode.l10n.t('{0} is running.', subject)
    : vscode.l10n.t('{0} has been running {1}.', subject, sinceText(since, new Date()));
}

function restartsText({ restarts, lastExit }: Of<'running'>): string {
  if (restarts === 0) {
    return '';
  }
  return lastExit === undefined
    ? vscode.l10n.t('Restarts so far: {0}.', restarts)
    : vscode.l10n.t('Restarts so far: {0}. Before the last one it {1}.', restarts, exitText(lastExit));
}

function policyText({ exit, restartPolicy, isRestarted }: Of<'ended'>): string {
  if (isRestarted) {
    return vscode.l10n.t('Azure starts it again, as its restart policy is "{0}".', restartPolicy ?? '');
  }
  const isFinal = restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && exit.reason === 'success');
  return isFinal
    ? vscode.l10n.t('It is not started again, as its restart policy is "{0}".', restartPolicy)
    : '';
}

function restartingText({ exit, restarts, backsOff }: Of<'restarting'>, subject: string): string {
  const how = exit === undefined ? vscode.l10n.t('ends soon after each start') : exitText(exit);
  return backsOff
    ? vscode.l10n.t(
        '{0} {1}, and ends again after each restart. Restarts so far: {2}.',
        subject,
        how,
        restarts,
      )
    : vscode.l10n.t('{0} {1}, and is being started again. Restarts so far: {2}.', subject, how, restarts);
}

function obstacleText({ kind }: Obstacle, subject: string): string {
  switch (kind) {
    case 'imageNotFound':
      return vscode.l10n.t('{0} cannot start: the registry does not have its image.', subject);
    case 'imageDenied':
      return vscode.l10n.t('{0} cannot start: the registry does not give its image to this group.', subject);
    case 'imagePullsLimited':
      return vscode.l10n.t('{0} cannot start: its registry limits how often images are pulled.', subject);
    case 'imageInaccessible':
      return vscode.l10n.t('{0} cannot start: its image cannot be pulled.', subject);
    case 'mount':
      return vscode.l10n.t('{0} cannot start: a volume cannot be mounted.', subject);
    case 'quota':
      return vscode.l10n.t('{0} cannot start: a quota of the subscription is used up.', subject);
    case 'capacity':
      return vscode.l10n.t('{0} cannot start: Azure has no room for it at the moment.', subject);
    case 'other':
      return vscode.l10n.t('{0} has not started.', subject);
  }
}

function azureSays({ detail }: Obstacle): string {
  return vscode.l10n.t('Azure says: {0}', /[.!?]$/.test(detail) ? detail : `${detail}.`);
}

function changingText(state: string, subject: string): string {
  switch (state) {
    case 'Deleting':
      return vscode.l10n.t('{0} is being deleted.', subject);
    case 'Repairing':
    case 'Unhealthy':
      return vscode.l10n.t('{0} is being moved to another machine, as its own has a problem.', subject);
    default:
      return vscode.l10n.t('{0} is being changed ({1}).', subject, state);
  }
}

function unknownText({ state, detail }: Of<'unknown'>, subject: string): string {
  if (state === undefined) {
    return vscode.l10n.t('{0} has no state yet, as far as Azure tells.', subject);
  }
  return detail === ''
    ? vscode.l10n.t('{0} has the state "{1}".', subject, state)
    : vscode.l10n.t('{0} has the state "{1}": {2}.', subject, state, detail);
}

/** A program that has done its work, or was asked to end. */
function adviceOnRunningAgain(isRestarted: boolean, { state }: ContainerGroup): Advice {
  if (isRestarted) {
    return {
      text: vscode.l10n.t(
        'Wait a little, then refresh; if it does not come back, restart the container group.',
      ),
      step: 'refresh',
    };
  }
  const canStart = state === 'Stopped' || state === 'Succeeded' || state === 'Failed';
  return canStart
    ? { text: vscode.l10n.t('Start the container group to run it again.'), step: 'start' }
    : { text: vscode.l10n.t('Restart the container group to run it again.'), step: 'restart' };
}

function adviceOnExit({ reason }: Exit): Advice {
  switch (reason) {
    case 'success':
      return {
        text: vscode.l10n.t(
          'If it has done its work, create the group with the restart policy "OnFailure" or "Never"; otherwise give it a command that does not end.',
        ),
        step: 'viewLogs',
      };
    case 'notExecutable':
    case 'commandNotFound':
      return {
        text: vscode.l10n.t('Create the group again with a command that its image has.'),
        step: 'openInPortal',
      };
    case 'killed':
      return {
        text: vscode.l10n.t('Its log says what it did last. If memory is the cause, give it more.'),
        step: 'viewLogs',
      };
    case 'outOfMemory':
      return {
        text: vscode.l10n.t(
          'Create the group again with more memory, or let the program use less: its log may say for what.',
        ),
        step: 'viewLogs',
      };
    case 'maintenance':
      return {
        text: vscode.l10n.t(
          'There is nothing to mend: restart the container group if it does not come back.',
        ),
        step: 'restart',
      };
    default:
      return readLog();
  }
}

function readLog(): Advice {
  return { text: vscode.l10n.t('Its log may say why.'), step: 'viewLogs' };
}

function adviceOnObstacle({ kind }: Obstacle, group: ContainerGroup): Advice {
  switch (kind) {
    case 'imageNotFound':
      return { text: vscode.l10n.t('Correct the name and the tag of the image.'), step: 'openInPortal' };
    case 'imageDenied':
      return {
        text: vscode.l10n.t(
          'Correct the registry\'s user name and password in the group, or give its managed identity the role "AcrPull" on the registry.',
        ),
        step: hasAzureRegistry(group) ? 'openRoleAssignments' : 'openInPortal',
      };
    case 'imagePullsLimited':
      return {
        text: vscode.l10n.t(
          'Try again later, give the group an account at the registry, or copy the image to a registry of your own.',
        ),
        step: 'refresh',
      };
    case 'imageInaccessible':
      return {
        text: vscode.l10n.t(
          "Check the name of the image, the registry's user name and password in the group, and whether its firewall lets Azure in.",
        ),
        step: 'openInPortal',
      };
    case 'mount':
      return {
        text: vscode.l10n.t(
          'Check the name of the share, the name and the key of the storage account, and whether its firewall lets the group in.',
        ),
        step: 'openInPortal',
      };
    case 'quota':
      return {
        text: vscode.l10n.t(
          'Delete or stop groups that nobody needs, or ask for a larger quota in the portal.',
        ),
        step: 'openInPortal',
      };
    case 'capacity':
      return {
        text: vscode.l10n.t('Try again later, with less CPU and memory, or in another region.'),
        step: 'refresh',
      };
    case 'other':
      return { text: vscode.l10n.t('Its events say what happened before.'), step: 'refresh' };
  }
}

function hasAzureRegistry({ containers, initContainers }: ContainerGroup): boolean {
  return [...initContainers, ...containers].some(({ image }) => azureRegistryOf(image) !== undefined);
}

/** Sentences one after the other; an empty one is left out. */
function joined(...sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
