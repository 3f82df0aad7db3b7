import * as vscode from 'vscode';
import { isRunning, type ContainerGroup, type Resources } from '../../azure/containerGroups.ts';
import { stateAllows } from '../../azure/groupVerbs.ts';
import type { ContainerUsage, Usage } from '../../azure/resourceManager/metricOperations.ts';
import { costText } from '../messages/operations.ts';
import { sparkline } from '../messages/sparkline.ts';
import { sinceText } from '../messages/states.ts';
import type { Fact } from './tooltip.ts';

/** More than these would not fit into a tooltip. */
const mostContainers = 5;
const mostTags = 15;

/** The width of a picture, in characters. */
const pictureWidth = 20;

/** What a group is made of and where it is reached, as far as Azure tells. */
export function groupFacts(group: ContainerGroup, now: Date): readonly Fact[] {
  const { ipAddress, restartPolicy, sku, priority, tags } = group;
  const tagTexts = Object.entries(tags).map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return [
    [vscode.l10n.t('Uptime'), uptimeText(group, now)],
    [
      vscode.l10n.t('IP address'),
      [ipAddress?.ip, ipAddress?.type].filter((text) => text !== undefined).join(', '),
    ],
    ['FQDN', ipAddress?.fqdn ?? ''],
    [
      vscode.l10n.t('Ports'),
      (ipAddress?.ports ?? []).map(({ port, protocol }) => `${port}/${protocol}`).join(', '),
    ],
    ['CPU', quantity(group, 'cpu', (cores) => coresText(cores))],
    [vscode.l10n.t('Memory'), quantity(group, 'memoryInGB', (gigabytes) => unitText(gigabytes, 'gigabyte'))],
    [vscode.l10n.t('Restart policy'), restartPolicy ?? ''],
    [
      'SKU',
      [sku, priority === 'Regular' ? undefined : priority].filter((text) => text !== undefined).join(', '),
    ],
    [
      vscode.l10n.t('Tags'),
      [...tagTexts.slice(0, mostTags), ...(tagTexts.length > mostTags ? ['…'] : [])].join(', '),
    ],
  ];
}

/** What the verbs that its state allows cost: a menu has no room for it. */
export function costFacts(group: ContainerGroup): readonly Fact[] {
  const verbs = (['start', 'stop', 'restart'] as const).filter((verb) => stateAllows(verb, group));
  return verbs.map((verb) => ['', costText(verb)]);
}

/** What the containers of a group used, each with a picture of the hour. */
export function usageFacts({ until, containers }: Usage): readonly Fact[] {
  const time = until.toLocaleTimeString(vscode.env.language, { hour: 'numeric', minute: 'numeric' });
  const shown = containers.filter(({ cpu, memory }) => cpu.length > 0 || memory.length > 0);
  const nameOf = (what: string, { container }: ContainerUsage) =>
    shown.length === 1 ? vscode.l10n.t('{0} used', what) : vscode.l10n.t('{0} used by {1}', what, container);
  const fact = (name: string, figures: readonly number[], text: (figure: number) => string): Fact => [
    name,
    figures.length === 0 ? '' : rangeText(figures, text, time),
    sparkline(figures, pictureWidth),
  ];
  return [
    ...shown
      .slice(0, mostContainers)
      .flatMap((usage) => [
        fact(nameOf('CPU', usage), usage.cpu, coresText),
        fact(nameOf(vscode.l10n.t('Memory'), usage), usage.memory, bytesText),
      ]),
    [
      vscode.l10n.t('Used by'),
      shown.length > mostContainers
        ? vscode.l10n.t('{0} more containers', shown.length - mostContainers)
        : '',
    ],
  ];
}

/** The time since the first of the running containers was started. */
function uptimeText({ containers }: ContainerGroup, now: Date): string {
  const starts = containers.flatMap((container) =>
    isRunning(container) && container.current?.startTime !== undefined ? [container.current.startTime] : [],
  );
  const [first] = starts.toSorted((a, b) => a.getTime() - b.getTime());
  return first === undefined ? '' : sinceText(first, now);
}

/** What all containers together are promised. */
function quantity(
  { containers }: ContainerGroup,
  name: keyof Resources,
  text: (amount: number) => string,
): string {
  const amounts = containers.flatMap(({ requests }) => requests[name] ?? []);
  return amounts.length === 0 ? '' : text(amounts.reduce((sum, amount) => sum + amount, 0));
}

function rangeText(figures: readonly number[], text: (figure: number) => string, time: string): string {
  const least = figures.reduce((min, figure) => Math.min(min, figure), Number.POSITIVE_INFINITY);
  const most = figures.reduce((max, figure) => Math.max(max, figure), 0);
  return vscode.l10n.t(
    '{0} now, {1} to {2} in the hour until {3}',
    text(figures.at(-1) ?? 0),
    text(least),
    text(most),
    time,
  );
}

function coresText(cores: number): string {
  const number = cores.toLocaleString(vscode.env.language, { maximumFractionDigits: 2 });
  return cores === 1 ? vscode.l10n.t('{0} core', number) : vscode.l10n.t('{0} cores', number);
}

function bytesText(bytes: number): string {
  return bytes < 1e9 ? unitText(Math.round(bytes / 1e6), 'megabyte') : unitText(bytes / 1e9, 'gigabyte');
}

function unitText(amount: number, unit: 'megabyte' | 'gigabyte'): string {
  return amount.toLocaleString(vscode.env.language, { style: 'unit', unit, maximumFractionDigits: 2 });
}
