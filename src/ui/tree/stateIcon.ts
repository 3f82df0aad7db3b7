import * as vscode from 'vscode';
import type { Container, ContainerGroup } from '../../azure/containerGroups.ts';
import { containerVerdict, groupVerdict, type Verdict } from '../../azure/verdict.ts';

/** A container's state as a shape; its colour only underlines it. */
export function containerIcon(group: ContainerGroup, container: Container): vscode.ThemeIcon {
  const state = container.current;
  switch (state?.state) {
    case 'Running':
      return icon('vm-running', 'testing.iconPassed');
    case 'Waiting':
      return isStuck(containerVerdict(group, container))
        ? icon('warning', 'problemsWarningIcon.foreground')
        : icon('watch', 'charts.blue');
    case 'Terminated':
      if (state.exitCode === undefined) {
        return icon('debug-stop', 'disabledForeground');
      }
      return state.exitCode === 0
        ? icon('pass', 'disabledForeground')
        : icon('error', 'problemsErrorIcon.foreground');
    default:
      return icon('question', 'disabledForeground');
  }
}

/** A container group's state as a shape; without an instance view, the plain sign of a group. */
export function containerGroupIcon(group: ContainerGroup | undefined): vscode.ThemeIcon {
  if (group === undefined) {
    return new vscode.ThemeIcon('server');
  }
  if (isStuck(groupVerdict(group))) {
    return icon('warning', 'problemsWarningIcon.foreground');
  }
  switch (group.state) {
    case 'Running':
      return icon('server-environment', 'testing.iconPassed');
    case 'Pending':
      return icon('watch', 'charts.blue');
    case 'Succeeded':
      return icon('pass', 'disabledForeground');
    case 'Failed':
      return icon('error', 'problemsErrorIcon.foreground');
    case 'Stopped':
      return icon('debug-stop', 'disabledForeground');
    default:
      return new vscode.ThemeIcon('server');
  }
}

/** Whether something waits that will not go on by itself. */
function isStuck(verdict: Verdict): boolean {
  switch (verdict.kind) {
    case 'notStarted':
    case 'provisioningFailed':
      return true;
    case 'restarting':
      return verdict.backsOff;
    case 'ofContainer':
      return isStuck(verdict.verdict);
    default:
      return false;
  }
}

function icon(id: string, color: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, new vscode.ThemeColor(color));
}
