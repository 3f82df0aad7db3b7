import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { containerVerdict } from '../../azure/verdict.ts';
import { shortImage } from '../messages/images.ts';
import { sinceText, stateText, stateWord } from '../messages/states.ts';
import { explainVerdict } from '../messages/verdicts.ts';
import { eventsNodes } from './eventsNode.ts';
import type { Node } from './node.ts';
import { containerIcon } from './stateIcon.ts';
import { tooltip, type Fact } from './tooltip.ts';

/** A container, or an init container: that one has no exec of its own. */
export class ContainerNode implements Node {
  readonly id: string;
  readonly group: ContainerGroup;
  readonly container: Container;
  private readonly isInit: boolean;
  private readonly forwards: readonly Node[];

  /** `forwards` are the rows of its forwarded ports. */
  constructor(group: ContainerGroup, container: Container, isInit: boolean, forwards: readonly Node[] = []) {
    this.id = container.id;
    this.group = group;
    this.container = container;
    this.isInit = isInit;
    this.forwards = forwards;
  }

  treeItem(): vscode.TreeItem {
    const { container, isInit } = this;
    const item = new vscode.TreeItem(
      container.name,
      container.events.length === 0 && this.forwards.length === 0
        ? vscode.TreeItemCollapsibleState.None
        : vscode.TreeItemCollapsibleState.Collapsed,
    );
    const state = stateText(container.current);
    item.id = this.id;
    // The first word is all that a narrow sidebar shows.
    item.description = [
      ...(isRunning(container) ? [] : [stateWord(container.current)]),
      ...(isInit ? [vscode.l10n.t('init container')] : []),
      shortImage(container.image),
    ]
      .filter(Boolean)
      .join(' · ');
    item.iconPath = containerIcon(this.group, container);
    item.tooltip = tooltip(container.name, this.facts());
    item.accessibilityInformation = {
      label: isInit
        ? vscode.l10n.t('Init container {0}, {1}, image {2}', container.name, state, container.image)
        : vscode.l10n.t('Container {0}, {1}, image {2}', container.name, state, container.image),
    };
    item.contextValue = `${isInit ? 'initContainer' : 'container'}.${contextState(container)}`;
    if (!isInit && isRunning(container)) {
      item.command = {
        command: 'containerInstances.activateContainer',
        title: vscode.l10n.t('Exec'),
        arguments: [this],
      };
    }
    return item;
  }

  fingerprint(): string {
    return JSON.stringify(this.container);
  }

  children(): Promise<readonly Node[]> {
    return Promise.resolve([...this.forwards, ...eventsNodes(this.id, this.container)]);
  }

  private facts(): readonly Fact[] {
    const { current, previous, image, restartCount } = this.container;
    const since =
      isRunning(this.container) && current?.startTime !== undefined
        ? ` ${sinceText(current.startTime, new Date())}`
        : '';
    const verdict = containerVerdict(this.group, this.container);
    return [
      ['', explainVerdict(verdict, vscode.l10n.t('This container'))],
      [vscode.l10n.t('State'), `${stateText(current)}${since}`],
      [vscode.l10n.t('Image'), image],
      [vscode.l10n.t('Restarts'), String(restartCount)],
      ...(previous === undefined ? [] : ([[vscode.l10n.t('Last exit'), stateText(previous)]] as const)),
    ];
  }
}

/** What a menu can tell of a container's state. */
function contextState({ current }: Container): string {
  switch (current?.state) {
    case 'Running':
      return 'running';
    case 'Waiting':
      return 'waiting';
    case 'Terminated':
      return 'terminated';
    default:
      return 'unknown';
  }
}
