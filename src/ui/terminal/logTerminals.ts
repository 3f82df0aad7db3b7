import * as vscode from 'vscode';
import type { Container, ContainerGroup } from '../../azure/containerGroups.ts';
import { isSameId } from '../../azure/resourceIds.ts';
import { plainText } from '../messages/plainText.ts';
import { execLocation } from '../settings.ts';
import type { LogServices, LogTerminal } from './logTerminal.ts';
import { OpenTerminals } from './openTerminals.ts';

interface OpenLog {
  readonly pty: LogTerminal;
  /** The resource id of the container or group. */
  readonly id: string;
  readonly groupId: string;
}

/** The terminals that follow logs, one for a container or group. Disposing it ends all of their requests. */
export class LogTerminals implements vscode.Disposable {
  private readonly open = new OpenTerminals<OpenLog>();
  private readonly services: LogServices;

  constructor(services: LogServices) {
    this.services = services;
  }

  followContainer(group: ContainerGroup, container: Container): Promise<void> {
    return this.follow(container.id, group, [container], `${container.name} (${group.name})`);
  }

  followGroup(group: ContainerGroup): Promise<void> {
    return this.follow(group.id, group, group.containers, group.name);
  }

  /** How many are open on a group or its containers. */
  countIn(group: ContainerGroup): number {
    return this.open.all.filter(({ groupId }) => isSameId(groupId, group.id)).length;
  }

  dispose(): void {
    this.open.dispose();
  }

  /** Shows the terminal that follows it already, which goes on if it has ended. */
  private async follow(
    id: string,
    group: ContainerGroup,
    containers: readonly Container[],
    what: string,
  ): Promise<void> {
    const { LogTerminal } = await import('../../onFirstUse.ts');
    const known = this.open.all.find((entry) => isSameId(entry.id, id));
    if (known !== undefined) {
      this.open.show(known);
      known.pty.start();
      return;
    }
    const name = vscode.l10n.t('Log: {0}', plainText(what));
    const pty = new LogTerminal({ group, containers, name }, this.services);
    const options = {
      name,
      iconPath: new vscode.ThemeIcon('output'),
      location: execLocation(),
    };
    this.open.open(options, { pty, id, groupId: group.id });
    // The walkthrough's step is done then.
    void vscode.commands.executeCommand('setContext', 'containerInstances.logFollowed', true);
  }
}
