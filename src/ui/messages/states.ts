import * as vscode from 'vscode';
import type { ContainerState } from '../../azure/containerGroups.ts';

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

function durationText(count: number, unit: 'day' | 'hour' | 'minute'): string {
  return count.toLocaleString(vscode.env.language, { style: 'unit', unit, unitDisplay: 'long' });
}
