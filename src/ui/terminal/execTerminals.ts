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

/** What a terminal's sessions need from outside. */
export type OpeningServices = Omit<SessionServices, 'onHost'>;

/** The exec terminals that are open. Disposing it closes their sockets at once. */
export class ExecTerminals implements vscode.Disposable {
  private readonly open = new Map<vscode.Terminal, OpenTerminal>();
  private host: string | undefined;
  /** Those that are about to open, too. */
  private readonly entries = new WeakMap<vscode.Pseudoterminal, OpenTerminal>();
  private readonly listeners = vscode.Disposable.from(
    vscode.window.onDidOpenTerminal((terminal) => this.opened(terminal)),
    vscode.window.onDidCloseTerminal((terminal) => this.open.delete(terminal)),
    vscode.window.onDidChangeActiveTerminal((terminal) => this.showActive(terminal)),
  );

  /**
   * Opens a terminal. Resolves when VS Code has laid it out: another one that covers it earlier would keep it from its
   * size.
   */
  async create(target: Omit<ExecTarget, 'name'>, services: OpeningServices): Promise<void> {
    const options = this.options(target, services);
    const terminal = vscode.window.createTerminal({ ...options, location: execLocation() });
    this.opened(terminal);
    terminal.show();
    await this.open.get(terminal)?.pty.ready;
  }

  /** What a terminal is made of, for VS Code to open; a second one in the same container gets a number. */
  options(target: Omit<ExecTarget, 'name'>, services: OpeningServices): vscode.ExtensionTerminalOptions {
    const containerId = target.container.id;
    const number = this.freeNumber(containerId);
    // The number comes early, as a narrow tab shows only the start.
    const name = plainText(
      `${target.container.name}${number === 1 ? '' : ` ${number}`} (${target.group.name})`,
    );
    const pty = new ExecTerminal({ ...target, name }, { ...services, onHost: (host) => (this.host = host) });
    this.entries.set(pty, { pty, containerId, number });
    return {
      name,
      pty,
      iconPath: new vscode.ThemeIcon('vm'),
      color: new vscode.ThemeColor('terminal.ansiGreen'),
      isTransient: true,
    };
  }

  /** The host of the last session, with its port where it has one of its own. */
  get lastHost(): string | undefined {
    return this.host;
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

  private opened(terminal: vscode.Terminal): void {
    const { creationOptions } = terminal;
    const entry = 'pty' in creationOptions ? this.entries.get(creationOptions.pty) : undefined;
    if (entry !== undefined) {
      this.open.set(terminal, entry);
    }
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
