import * as vscode from 'vscode';
import { trafficText } from '../messages/ports.ts';
import type { ForwardedPort } from '../ports/portForwards.ts';
import type { Node } from './node.ts';

/** A port of a container that is forwarded, below the container. */
export class ForwardedPortNode implements Node {
  readonly id: string;
  readonly forwarded: ForwardedPort;

  constructor(forwarded: ForwardedPort) {
    this.id = `${forwarded.target.container.id}/ports/${forwarded.port}/${forwarded.localPort}`;
    this.forwarded = forwarded;
  }

  treeItem(): vscode.TreeItem {
    const { port, localPort, traffic } = this.forwarded;
    const item = new vscode.TreeItem(
      `${port} → localhost:${localPort}`,
      vscode.TreeItemCollapsibleState.None,
    );
    const amounts = trafficText(traffic);
    item.id = this.id;
    item.description = amounts;
    item.iconPath = new vscode.ThemeIcon('plug');
    item.accessibilityInformation = {
      label: [vscode.l10n.t('Port {0}, forwarded to localhost:{1}', String(port), String(localPort)), amounts]
        .filter(Boolean)
        .join(', '),
    };
    item.contextValue = 'forwardedPort';
    return item;
  }

  fingerprint(): string {
    return JSON.stringify(this.forwarded.traffic);
  }
}
