import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { stateText } from '../problems.ts';
import type { Node } from './node.ts';
import { containerIcon } from './stateIcon.ts';

/** A container, or an init container: that one has no exec of its own. */
export class ContainerNode implements Node {
  readonly id: string;
  readonly group: ContainerGroup;
  readonly container: Container;
  private readonly init: boolean;

  constructor(group: ContainerGroup, container: Container, init: boolean) {
    this.id = container.id;
    this.group = group;
    this.container = container;
    this.init = init;
  }

  treeItem(): vscode.TreeItem {
    const { container } = this;
    const item = new vscode.TreeItem(container.name, vscode.TreeItemCollapsibleState.None);
    const state = stateText(container.current);
    item.id = this.id;
    item.description = [
      ...(this.init ? [vscode.l10n.t('init container')] : []),
      container.image,
      ...(isRunning(container) ? [] : [container.current?.state ?? vscode.l10n.t('state unknown')]),
    ]
      .filter(Boolean)
      .join(' · ');
    item.iconPath = containerIcon(container);
    item.tooltip = [
      container.name,
      container.image,
      state,
      vscode.l10n.t('Restarts: {0}', container.restartCount),
    ].join('\n');
    item.accessibilityInformation = {
      label: this.init
        ? vscode.l10n.t('Init container {0}, {1}, image {2}', container.name, state, container.image)
        : vscode.l10n.t('Container {0}, {1}, image {2}', container.name, state, container.image),
    };
    item.contextValue = this.init
      ? 'initContainer'
      : `container.${isRunning(container) ? 'running' : 'ended'}`;
    return item;
  }

  look(): string {
    return JSON.stringify(this.container);
  }
}
