import * as vscode from 'vscode';
import { isRunning, type ContainerGroup } from '../../azure/containerGroups.ts';
import { AzureError, isCancellation } from '../../azure/errors.ts';
import type { Inventory } from '../../azure/inventory.ts';
import type { ResourceManager } from '../../azure/resourceManager.ts';
import { encodeCommand } from '../../exec/command.ts';
import { inputPace } from '../../exec/input.ts';
import { Shell, type ShellEnd } from '../../exec/shell.ts';
import type { Log } from '../log.ts';
import { explain, explainNotRunning } from '../problems.ts';
import { connectTimeoutMs } from '../settings.ts';
import { dim, eraseLine, resetModes } from './sequences.ts';

/** How long to wait for VS Code to lay the terminal out, in milliseconds; then 80×24. */
const layoutWaitMs = 1_000;

/** What a terminal runs and where. */
export interface ExecTarget {
  /** The group as a fresh GET told it. */
  readonly group: ContainerGroup;
  readonly container: string;
  /** The commands to try in turn. */
  readonly commands: readonly string[];
}

export interface ExecTerminalParts {
  readonly azure: () => Promise<Pick<ResourceManager, 'executeCommand'>>;
  readonly inventory: Inventory;
  readonly log: Log;
  /** A command has started: it is in the container's image. */
  readonly onStarted: (image: string, command: string) => void;
}

/** Exec sessions in an integrated terminal, one after the other: Enter starts the next when one has ended. */
export class ExecTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.written.event;
  private readonly target: ExecTarget;
  private readonly parts: ExecTerminalParts;
  private dimensions: vscode.TerminalDimensions | undefined;
  private laidOut: (() => void) | undefined;
  private shell: Shell | undefined;
  private readonly closed = new AbortController();

  constructor(target: ExecTarget, parts: ExecTerminalParts) {
    this.target = target;
    this.parts = parts;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.dimensions = dimensions;
    void this.run(this.target.group);
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.dimensions = dimensions;
    this.laidOut?.();
  }

  handleInput(data: string): void {
    if (this.shell !== undefined) {
      this.shell.write(data);
    } else if (data.includes('\r')) {
      void this.run(undefined);
    }
  }

  close(): void {
    this.closed.abort();
    this.written.dispose();
  }

  /** One session from start to end. Nothing it throws escapes: the terminal says it. */
  private async run(knownGroup: ContainerGroup | undefined): Promise<void> {
    const { target, parts } = this;
    const { signal } = this.closed;
    let connecting = true;
    const shell = new Shell(
      {
        onOpen: () => parts.log.info(`Exec session open: ${target.container} in ${target.group.id}`),
        onStarted: (command) => parts.onStarted(this.image, command),
        onOutput: (text) => {
          this.written.fire(connecting ? eraseLine + text : text);
          connecting = false;
        },
      },
      { pace: inputPace(target.group.osType), connectTimeoutMs: connectTimeoutMs(), signal },
    );
    this.shell = shell;
    try {
      await this.layout();
      this.written.fire(this.connectingLine());
      const azure = await parts.azure();
      this.assertRunning(knownGroup ?? (await parts.inventory.freshContainerGroup(target.group.id, signal)));
      const end = await shell.run(target.commands, (command) =>
        azure.executeCommand(target.group.id, target.container, encodeCommand(command), this.size, signal),
      );
      this.say(connecting, this.endText(end));
    } catch (error) {
      if (!isCancellation(error)) {
        parts.log.error(`Exec in ${target.container} failed`, error);
        this.say(connecting, error instanceof NotRunning ? error.message : explain(error));
      }
    } finally {
      this.shell = undefined;
    }
  }

  private get image(): string {
    const { group, container } = this.target;
    return group.containers.find(({ name }) => name === container)?.image ?? '';
  }

  private get size(): { readonly columns: number; readonly rows: number } {
    return this.dimensions ?? { columns: 80, rows: 24 };
  }

  /** Waits until VS Code has laid the terminal out, as Azure fixes the size when the session starts. */
  private async layout(): Promise<void> {
    if (this.dimensions === undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, layoutWaitMs);
        this.laidOut = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.laidOut = undefined;
    }
  }

  private assertRunning(group: ContainerGroup): void {
    const container = group.containers.find(({ name }) => name === this.target.container);
    if (container === undefined) {
      throw new AzureError({ kind: 'notFound', detail: this.target.container });
    }
    if (!isRunning(container)) {
      throw new NotRunning(explainNotRunning(container));
    }
  }

  /** Short enough for one row, so that the first output can erase it. */
  private connectingLine(): string {
    const { container, group } = this.target;
    return dim(
      vscode.l10n.t('Connecting to {0} in {1}…', container, group.name).slice(0, this.size.columns - 1),
    );
  }

  private endText(end: ShellEnd): string | undefined {
    switch (end.kind) {
      case 'cancelled':
        return undefined;
      case 'closed':
        return vscode.l10n.t('Session ended.');
      case 'lost':
        return vscode.l10n.t(
          'Connection lost ({0}). Azure ends idle sessions after 10 to 15 minutes.',
          end.code,
        );
      case 'missing':
        return vscode.l10n.t(
          'The image {0} has none of these commands: {1}. Try another one with "Exec with Command…". Azure said: {2}',
          this.image,
          end.commands.join(', '),
          end.report,
        );
    }
  }

  private say(connecting: boolean, text: string | undefined): void {
    if (text !== undefined && !this.closed.signal.aborted) {
      const line = `${text} ${vscode.l10n.t('Press Enter to start a new session.')}`;
      this.written.fire(`${connecting ? eraseLine : `${resetModes}\r\n`}${dim(line)}\r\n`);
    }
  }
}

class NotRunning extends Error {}
