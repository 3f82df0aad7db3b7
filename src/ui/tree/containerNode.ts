import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { stateText } from '../problems.ts';
import type { Node } from './node.ts';
import { containerIcon } from './stateIcon.ts';

const { t } = vscode.l10n;

/** A container, or an init container: that one has no exec of its own. */
export class ContainerNode implements Node {
  readonly group: ContainerGroup;
  readonly container: Container;
  private readonly init: boolean;

  constructor(group: ContainerGroup, container: Container, init: boolean) {
    this.group = group;
    this.container = container;
    this.init = init;
  }

  treeItem(): vscode.TreeItem {
    const { container } = this;
    const item = new vscode.TreeItem(container.name, vscode.TreeItemCollapsibleState.None);
    const state = stateText(container.current);
    item.id = container.id;
    item.description = [
      ...(this.init ? [t('init container')] : []),
      container.image,
      ...(isRunning(container) ? [] : [container.current?.state ?? t('state unknown')]),
    ].join(' · ');
    item.iconPath = containerIcon(container);
    item.tooltip = [container.name, container.image, state, t('Restarts: {0}', container.restartCount)].join(
      '\n',
    );
    item.accessibilityInformation = {
      label: this.init
        ? t('Init container {0}, {1}, image {2}', container.name, state, container.image)
        : t('Container {0}, {1}, image {2}', container.name, state, container.image),
    };
    item.contextValue = this.init
      ? 'initContainer'
      : `container.${isRunning(container) ? 'running' : 'ended'}`;
    return item;
  }

  children(): Promise<readonly Node[]> {
    return Promise.resolve([]);
  }
}
