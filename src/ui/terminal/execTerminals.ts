import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { isSameId, ResourceIdMap } from '../../azure/resourceIds.ts';
import { plainText } from '../messages/plainText.ts';
import { execLocation } from '../settings.ts';
import type { ExecTerminal } from './execTerminal.ts';
import { OpenTerminals } from './openTerminals.ts';
import type { ExecTarget, SessionServices } from './terminalSession.ts';

/** The context key of the menus of a terminal of ours. */
const activeKey = 'containerInstances.execTerminalActive';

interface OpenTerminal {
  readonly pty: ExecTerminal;
  readonly containerId: string;
  readonly number: number;
}

/** What a terminal's sessions need from outside. */
export type OpeningServices = Omit<SessionServices, 'onHost'>;

/** The exec terminals that are open. Disposing it closes their sockets at once. */
export class ExecTerminals implements vscode.Disposable {
  private readonly open = new OpenTerminals<OpenTerminal>();
  private readonly listener = vscode.window.onDidChangeActiveTerminal(() => this.showActive());

  private host: string | undefined;
  /** The images in which shell integration has failed, so that it is not tried again in this window. */
  private readonly failedImages = new Set<string>();

  /**
   * Opens a terminal. Resolves when VS Code has laid it out: another one that covers it earlier would keep it from its
   * size.
   */
  async create(target: Omit<ExecTarget, 'name'>, services: OpeningServices): Promise<void> {
    const { options, entry } = await this.terminalIn(target, services);
    this.open.open({ ...options, location: execLocation() }, entry);
    await entry.pty.ready;
  }

  /** What a terminal is made of, where VS Code opens it. */
  async prepare(
    target: Omit<ExecTarget, 'name'>,
    services: OpeningServices,
  ): Promise<vscode.ExtensionTerminalOptions> {
    const { options, entry } = await this.terminalIn(target, services);
    return this.open.prepare(options, entry);
  }

  /** The host of the last session, with its port where it has one of its own. */
  get lastHost(): string | undefined {
    return this.host;
  }

  /** A second terminal in the same container gets a number. */
  private async terminalIn(target: Omit<ExecTarget, 'name'>, services: OpeningServices) {
    const { ExecTerminal } = await import('../../onFirstUse.ts');
    const containerId = target.container.id;
    const number = this.freeNumber(containerId);
    // The number comes early, as a narrow tab shows only the start.
    const name = plainText(
      `${target.container.name}${number === 1 ? '' : ` ${number}`} (${target.group.name})`,
    );
    const pty = new ExecTerminal(
      { ...target, name },
      { ...services, onHost: (host) => (this.host = host) },
      this.failedImages,
    );
    const options = {
      name,
      iconPath: new vscode.ThemeIcon('vm'),
      color: new vscode.ThemeColor('terminal.ansiGreen'),
      shellIntegrationNonce: pty.nonce,
    };
    return { options, entry: { pty, containerId, number } };
  }

  /** How many are open in the containers of a group. */
  countIn({ containers }: ContainerGroup): number {
    const ids = new ResourceIdMap(containers.map(({ id }) => [id, true]));
    return this.open.all.filter(({ containerId }) => ids.has(containerId)).length;
  }

  /** The exec terminal in front, if there is one. */
  get active(): ExecTerminal | undefined {
    return this.open.active?.pty;
  }

  private freeNumber(containerId: string): number {
    const taken = this.open.all
      .filter((entry) => isSameId(entry.containerId, containerId))
      .map(({ number }) => number);
    let number = 1;
    while (taken.includes(number)) {
      number++;
    }
    return number;
  }

  private showActive(): void {
    void vscode.commands.executeCommand('setContext', activeKey, this.active !== undefined);
    this.active?.askSize();
  }

  dispose(): void {
    this.listener.dispose();
    this.open.dispose();
  }
}
