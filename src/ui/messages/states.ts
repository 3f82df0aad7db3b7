import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerState } from '../../azure/containerGroups.ts';

/** The one word that says most about a container's state, as Azure has it: `CrashLoopBackOff` more than `Waiting`. */
export function stateWord(state: ContainerState | undefined): string {
  if (state === undefined) {
    return vscode.l10n.t('state unknown');
  }
  const [, reason] = /^(\w{1,40})(?::|$)/.exec(state.detailStatus) ?? [];
  return state.state === 'Waiting' && reason !== undefined ? reason : state.state;
}

/** A state in words: with its exit code and finish time where Azure tells them. */
export function stateText(state: ContainerState | undefined): string {
  if (state === undefined) {
    return vscode.l10n.t('state unknown');
  }
  const parts = [state.state];
  if (state.exitCode !== undefined) {
    parts.push(vscode.l10n.t('exit code {0}', state.exitCode));
  }
  if (state.finishTime !== undefined) {
    parts.push(vscode.l10n.t('finished {0}', state.finishTime.toLocaleString(vscode.env.language)));
  }
  if (state.detailStatus !== '') {
    parts.push(state.detailStatus);
  }
  return parts.join(', ');
}

/** Since when, and for how long by now: "since 20 Nov, 5 days". */
export function sinceText(start: Date, now: Date): string {
  const date = start.toLocaleString(vscode.env.language, { day: 'numeric', month: 'short' });
  const time = start.toLocaleTimeString(vscode.env.language, { hour: 'numeric', minute: 'numeric' });
  const minutes = Math.max(0, Math.floor((now.getTime() - start.getTime()) / 60_000));
  const day = 24 * 60;
  if (minutes >= day) {
    return vscode.l10n.t('since {0}, {1}', date, durationText(Math.floor(minutes / day), 'day'));
  }
  const duration =
    minutes >= 60 ? durationText(Math.floor(minutes / 60), 'hour') : durationText(minutes, 'minute');
  return vscode.l10n.t('since {0}, {1}', time, duration);
}

/** Why Exec cannot start in a container, and what can be done. */
export function explainNotRunning({ name, current }: Container): string {
  switch (current?.state) {
    case undefined:
      return vscode.l10n.t(
        'Azure reports no state for container "{0}" yet. Wait until it runs, then try again.',
        name,
      );
    case 'Terminated':
      return vscode.l10n.t(
        'Container "{0}" is not running: {1}. Start its container group, or read its logs, to go on.',
        name,
        stateText(current),
      );
    case 'Waiting':
      return vscode.l10n.t(
        'Container "{0}" is not running: {1}. Wait until it runs; if it keeps restarting, its logs say why.',
        name,
        stateText(current),
      );
    default:
      return vscode.l10n.t('Container "{0}" is not running: {1}.', name, stateText(current));
  }
}

/** What became of a container between two looks at it; undefined where it goes on as before. */
export function explainChange(before: Container, after: Container | undefined): string | undefined {
  if (after === undefined) {
    return vscode.l10n.t('Azure no longer has the container "{0}".', before.name);
  }
  if (!isRunning(after)) {
    return explainNotRunning(after);
  }
  const restarted =
    after.restartCount !== before.restartCount ||
    after.current?.startTime?.getTime() !== before.current?.startTime?.getTime();
  return restarted ? vscode.l10n.t('Container "{0}" was restarted.', before.name) : undefined;
}

function durationText(count: number, unit: 'day' | 'hour' | 'minute'): string {
  return count.toLocaleString(vscode.env.language, { style: 'unit', unit, unitDisplay: 'long' });
}
