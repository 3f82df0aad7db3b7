import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { containerVerdict } from '../../azure/verdict.ts';
import { stateText } from './states.ts';
import { adviceOn, explainVerdict } from './verdicts.ts';

/** Why Exec cannot start in a container, and what can be done. */
export function explainNotRunning(group: ContainerGroup, container: Container): string {
  const verdict = containerVerdict(group, container);
  return [
    vscode.l10n.t('Container "{0}" is not running: {1}.', container.name, stateText(container.current)),
    explainVerdict(verdict, vscode.l10n.t('It')),
    adviceOn(verdict, group).text,
  ].join(' ');
}

/** What became of a container between two looks at it; undefined where it goes on as before. */
export function explainChange(
  group: ContainerGroup,
  before: Container,
  after: Container | undefined,
): string | undefined {
  if (after === undefined) {
    return vscode.l10n.t('Azure no longer has the container "{0}".', before.name);
  }
  if (!isRunning(after)) {
    return explainNotRunning(group, after);
  }
  const restarted =
    after.restartCount !== before.restartCount ||
    after.current?.startTime?.getTime() !== before.current?.startTime?.getTime();
  return restarted ? vscode.l10n.t('Container "{0}" was restarted.', before.name) : undefined;
}
