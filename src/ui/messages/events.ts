import * as vscode from 'vscode';
import type { ContainerEvent } from '../../azure/containerGroups.ts';
import { obstacleIn } from '../../azure/obstacles.ts';

/** How often something happened; nothing for once. */
export function countText(count: number): string {
  return count === 1 ? '' : vscode.l10n.t('{0}×', count);
}

/** A time of today as such, any other with its date. Rows stay as they are: "two minutes ago" would be wrong soon. */
export function timeText(time: Date | undefined): string {
  if (time === undefined) {
    return '';
  }
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday
    ? time.toLocaleTimeString(vscode.env.language)
    : time.toLocaleString(vscode.env.language, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Whether an event tells of something wrong: Azure calls some of those normal. */
export function isWarning(event: ContainerEvent): boolean {
  return event.type === 'Warning' || obstacleIn([event]) !== undefined;
}
