import * as vscode from 'vscode';
import type { Container, ContainerEvent, ContainerGroup } from '../../azure/containerGroups.ts';
import { newestFirst } from '../../azure/obstacles.ts';
import { containerVerdict, verdictOn, type Judged } from '../../azure/verdict.ts';
import { countText, timeText } from './events.ts';
import { plainText } from './plainText.ts';
import { stateText } from './states.ts';
import { adviceOn, explainVerdict, subjectOf } from './verdicts.ts';

/** The last lines of a container's log, or why there are none. */
export interface LogEnd {
  readonly container: string;
  readonly text: string;
}

/** Why something is as it is, what to do about it, and all that Azure tells about it, as a text to read. */
export function stateReport(judged: Judged, logEnd: LogEnd | undefined): string {
  const { group, container } = judged;
  const verdict = verdictOn(judged);
  const sections = [
    [...wrapped(explainVerdict(verdict, subjectOf(judged))), ...wrapped(adviceOn(verdict, group).text)],
    container === undefined ? groupFacts(group) : containerFacts(group, container),
    container === undefined && group.initContainers.length + group.containers.length > 1
      ? [...group.initContainers, ...group.containers].flatMap((one) =>
          wrapped(explainVerdict(containerVerdict(group, one), subjectOf({ group, container: one }))),
        )
      : [],
    logEnd === undefined ? [] : logLines(logEnd),
    eventLines(vscode.l10n.t('Events of the container, newest first:'), container?.events ?? []),
    eventLines(vscode.l10n.t('Events of the container group, newest first:'), group.events),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .join('\n');
}

function containerFacts(
  group: ContainerGroup,
  { current, previous, restartCount, image }: Container,
): readonly string[] {
  return table([
    [vscode.l10n.t('State'), stateText(current)],
    [vscode.l10n.t('State before'), previous === undefined ? '' : stateText(previous)],
    [vscode.l10n.t('Restarts'), String(restartCount)],
    [vscode.l10n.t('Image'), image],
    [vscode.l10n.t('Container group'), group.name],
    ...sharedFacts(group),
  ]);
}

function groupFacts(group: ContainerGroup): readonly string[] {
  return table([[vscode.l10n.t('State'), group.state ?? ''], ...sharedFacts(group)]);
}

function sharedFacts(group: ContainerGroup): readonly (readonly [name: string, value: string])[] {
  return [
    [vscode.l10n.t('Restart policy'), group.restartPolicy ?? ''],
    [vscode.l10n.t('Provisioning state'), group.provisioningState ?? ''],
    [vscode.l10n.t('Resource group'), group.resourceGroup],
  ];
}

/** Names and values in two columns; one without a value is left out. */
function table(rows: readonly (readonly [name: string, value: string])[]): readonly string[] {
  const shown = rows.filter(([, value]) => value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${`${name}:`.padEnd(width + 1)} ${plainText(value)}`);
}

function logLines({ container, text }: LogEnd): readonly string[] {
  return [
    vscode.l10n.t('The end of the log of "{0}":', container),
    ...text.split('\n').map((line) => `  ${plainText(line)}`),
  ];
}

function eventLines(title: string, events: readonly ContainerEvent[]): readonly string[] {
  const lines = newestFirst(events).map(({ name, message, type, count, first, last }) => {
    const parts = [timeText(last ?? first), countText(count), type, name, message];
    return `  ${plainText(parts.filter((part) => part !== '').join('  '))}`;
  });
  return lines.length === 0 ? [] : [title, ...lines];
}

const lineLength = 100;

/** Editors do not wrap plain text by themselves. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plainText(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > lineLength) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}
