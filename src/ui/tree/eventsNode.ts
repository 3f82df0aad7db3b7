import * as vscode from 'vscode';
import type { ContainerEvent } from '../../azure/containerGroups.ts';
import { newestFirst } from '../../azure/obstacles.ts';
import { countText, isWarning, timeText } from '../messages/events.ts';
import { plainText } from '../messages/plainText.ts';
import type { Node } from './node.ts';
import { tooltip } from './tooltip.ts';

interface HasEvents {
  readonly name: string;
  readonly events: readonly ContainerEvent[];
}

/** The row with the events of a container or a group; none where there are no events. */
export function eventsNodes(parentId: string, parent: HasEvents): readonly Node[] {
  return parent.events.length === 0 ? [] : [new EventsNode(parentId, parent)];
}

/** Folds the events of a container or a group away. */
class EventsNode implements Node {
  readonly id: string;
  private readonly parent: HasEvents;

  constructor(parentId: string, parent: HasEvents) {
    this.id = `${parentId}/events`;
    this.parent = parent;
  }

  treeItem(): vscode.TreeItem {
    const { name, events } = this.parent;
    const label = vscode.l10n.t('Events');
    const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = this.id;
    item.description = String(events.length);
    item.iconPath = new vscode.ThemeIcon('history');
    item.accessibilityInformation = { label: vscode.l10n.t('Events of {0}, {1}', name, events.length) };
    item.contextValue = 'events';
    return item;
  }

  fingerprint(): string {
    return JSON.stringify(this.parent.events);
  }

  children(): Promise<readonly Node[]> {
    return Promise.resolve(
      newestFirst(this.parent.events).map((event, index) => new EventNode(`${this.id}/${index}`, event)),
    );
  }
}

/** One event: what, how often, when, and the beginning of its message. */
class EventNode implements Node {
  readonly id: string;
  private readonly event: ContainerEvent;

  constructor(id: string, event: ContainerEvent) {
    this.id = id;
    this.event = event;
  }

  treeItem(): vscode.TreeItem {
    const { event } = this;
    const { name, message, type, count, first, last } = event;
    const item = new vscode.TreeItem(plainText(name), vscode.TreeItemCollapsibleState.None);
    item.id = this.id;
    const parts = [countText(count), timeText(last ?? first), message].filter((part) => part !== '');
    item.description = plainText(parts.join(' · '));
    item.iconPath = isWarning(event)
      ? new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'))
      : new vscode.ThemeIcon('circle-small');
    item.tooltip = tooltip(name, [
      ['', message],
      [vscode.l10n.t('Type'), type],
      [vscode.l10n.t('Count'), String(count)],
      [vscode.l10n.t('First'), first?.toLocaleString(vscode.env.language) ?? ''],
      [vscode.l10n.t('Last'), last?.toLocaleString(vscode.env.language) ?? ''],
    ]);
    item.accessibilityInformation = {
      label: plainText([vscode.l10n.t('Event {0}', name), type, ...parts].join(', ')),
    };
    item.contextValue = 'event';
    return item;
  }

  fingerprint(): string {
    return JSON.stringify(this.event);
  }
}
