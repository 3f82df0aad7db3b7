import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import { ResourceIdMap } from '../../azure/resourceIds.ts';
import { plainText } from '../messages/plainText.ts';
import { execLocation } from '../settings.ts';
import { ExecTerminal } from './execTerminal.ts';
import type { ExecTarget, SessionServices } from './terminalSession.ts';

/** The context key of the menus of a terminal of ours. */
const activeKey = 'containerInstances.execTerminalActive';

interface OpenTerminal {
  readonly pty: ExecTerminal;
  readonly containerId: string;
  readonly number: number;
}

/** The exec terminals that are open. Disposing it closes their sockets at once. */
export class ExecTerminals implements vscode.Disposable {
  private readonly open = new Map<vscode.Terminal, OpenTerminal>();
  /** The images in which shell integration has failed, so that it is not tried again in this window. */
  private readonly failedImages = new Set<string>();
  private readonly listeners = vscode.Disposable.from(
    vscode.window.onDidCloseTerminal((terminal) => this.open.delete(terminal)),
    vscode.window.onDidChangeActiveTerminal((terminal) => this.showActive(terminal)),
  );

  /**
   * Opens a terminal; a second one in the same container gets a number. Resolves when VS Code has laid it out: another
   * one that covers it earlier would keep it from its size.
   */
  async create(target: Omit<ExecTarget, 'name'>, services: SessionServices): Promise<void> {
    const containerId = target.container.id;
    const number = this.freeNumber(containerId);
    // The number comes early, as a narrow tab shows only the start.
    const name = plainText(
      `${target.container.name}${number === 1 ? '' : ` ${number}`} (${target.group.name})`,
    );
    const pty = new ExecTerminal({ ...target, name }, services, this.failedImages);
    const terminal = vscode.window.createTerminal({
      name,
      pty,
      iconPath: new vscode.ThemeIcon('vm'),
      color: new vscode.ThemeColor('terminal.ansiGreen'),
      location: execLocation(),
      isTransient: true,
      shellIntegrationNonce: pty.nonce,
    });
    this.open.set(terminal, { pty, containerId, number });
    terminal.show();
    await pty.ready;
  }

  /** How many are open in the containers of a group. */
  countIn({ containers }: ContainerGroup): number {
    const ids = new ResourceIdMap(containers.map(({ id }) => [id, true]));
    return [...this.open.values()].filter(({ containerId }) => ids.has(containerId)).length;
  }

  /** The exec terminal in front, if there is one. */
  get active(): ExecTerminal | undefined {
    const terminal = vscode.window.activeTerminal;
    return terminal === undefined ? undefined : this.open.get(terminal)?.pty;
  }

  private freeNumber(containerId: string): number {
    const taken = [...this.open.values()]
      .filter((entry) => entry.containerId === containerId)
      .map(({ number }) => number);
    let number = 1;
    while (taken.includes(number)) {
      number++;
    }
    return number;
  }

  private showActive(terminal: vscode.Terminal | undefined): void {
    const ours = terminal !== undefined && this.open.has(terminal);
    void vscode.commands.executeCommand('setContext', activeKey, ours);
    this.active?.askSize();
  }

  dispose(): void {
    this.listeners.dispose();
    for (const [terminal, { pty }] of this.open) {
      pty.close();
      terminal.dispose();
    }
  }
}
