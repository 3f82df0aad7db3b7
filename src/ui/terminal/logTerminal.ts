import * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import type { Container, ContainerGroup } from '../../azure/containerGroups.ts';
import { AzureError } from '../../azure/errors.ts';
import { subscriptionOf } from '../../azure/resourceIds.ts';
import { isCancellation } from '../../base/cancellation.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { AttachSignal } from '../../logs/attachSignal.ts';
import { runOf } from '../../logs/containerRun.ts';
import { followLog, type LogEvent } from '../../logs/followLog.ts';
import { mergeLogs, type MergedEvent } from '../../logs/mergeLogs.ts';
import { colouredLine } from '../../terminal/lineText.ts';
import { dim, hideCursor } from '../../terminal/sequences.ts';
import type { Log } from '../log.ts';
import { explainLogNotice } from '../messages/logNotices.ts';
import { shortName } from '../messages/plainText.ts';
import { explain } from '../messages/problems.ts';
import { logsAttach, scrollback } from '../settings.ts';
import { PacedScreen } from './pacedScreen.ts';

/** The most lines of what is there already that are shown of a log. */
const mostFirstLines = 5_000;

/** The colours of the containers' names, as ANSI has them: none of them stands for a failure. */
const colours = [36, 33, 35, 32, 34, 96, 93, 95, 92, 94];

/** Whose logs a terminal follows. */
export interface LogTarget {
  readonly group: ContainerGroup;
  /** Several are told apart by their names at the start of each line. */
  readonly containers: readonly Container[];
  /** The terminal's name while they are followed. */
  readonly name: string;
}

export interface LogServices {
  readonly azure: () => Promise<Pick<AzureClient, 'clientFor'>>;
  readonly inventory: Inventory;
  readonly log: Log;
}

/** A terminal that shows logs and takes no input. */
export class LogTerminal implements vscode.Pseudoterminal {
  private readonly screen = new PacedScreen(() => undefined);
  readonly onDidWrite = this.screen.onDidWrite;
  private readonly renamed = new vscode.EventEmitter<string>();
  readonly onDidChangeName = this.renamed.event;
  private readonly target: LogTarget;
  private readonly services: LogServices;
  private readonly closed = new AbortController();
  private readonly labels: readonly string[];
  private readonly wanted = new Emitter<void>();
  private isFollowing = false;

  constructor(target: LogTarget, services: LogServices) {
    this.target = target;
    this.services = services;
    this.labels = labelsOf(target.containers);
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.screen.resize(dimensions);
    this.screen.output(hideCursor);
    this.start();
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.screen.resize(dimensions);
  }

  /**
   * The terminal's own reports come this way. Enter asks for news now; whatever else is typed is not for a log, and must not
   * end a flood of it.
   */
  handleInput(data: string): void {
    if (data.startsWith('\x1b')) {
      this.screen.input(data);
    } else if (data === '\r') {
      this.wanted.fire();
    }
  }

  /** Follows again where it has ended. */
  start(): void {
    if (!this.isFollowing) {
      this.isFollowing = true;
      this.renamed.fire(this.target.name);
      void this.follow().finally(() => (this.isFollowing = false));
    }
  }

  close(): void {
    this.closed.abort();
    this.screen.dispose();
    this.renamed.dispose();
    this.wanted.dispose();
  }

  /** Nothing it throws escapes: the terminal says it. */
  private async follow(): Promise<void> {
    const { signal } = this.closed;
    const { containers, group, name } = this.target;
    this.say(vscode.l10n.t('Following {0}…', containers.map((container) => container.name).join(', ')));
    try {
      const logs = containers.map((container) => this.logOf(container, signal));
      for await (const batch of mergeLogs(logs, signal)) {
        this.screen.output(batch.map((event) => this.textOf(event)).join(''));
        await this.screen.ready();
        signal.throwIfAborted();
      }
    } catch (error) {
      if (isCancellation(error)) {
        return;
      }
      this.services.log.error(`Following the logs of ${group.id} failed`, error);
      this.say(explain(error));
    }
    if (!signal.aborted) {
      this.renamed.fire(vscode.l10n.t('ended: {0}', name));
      this.say(vscode.l10n.t('The log is followed no further. "Follow Logs" goes on.'));
    }
  }

  private logOf({ name }: Container, signal: AbortSignal): AsyncIterable<LogEvent> {
    const { azure, inventory, log } = this.services;
    const groupId = this.target.group.id;
    const containersOf = async () =>
      (await (await azure()).clientFor(subscriptionOf(groupId), signal)).containers;
    const source = {
      read: async (tail: number) =>
        (await containersOf()).listLogs({ groupId, container: name, tail, timestamps: true }, signal),
      run: async () => {
        const group = await inventory.freshContainerGroup(groupId, signal);
        const container = group.containers.find((candidate) => candidate.name === name);
        if (container === undefined) {
          throw new AzureError({ kind: 'notFound', detail: name });
        }
        return runOf(container);
      },
    };
    const options = {
      firstLines: Math.min(scrollback(), mostFirstLines),
      signal,
      onWanted: this.wanted.event,
    };
    if (!logsAttach()) {
      return followLog(source, options);
    }
    const attached = new AttachSignal({
      attach: async () => (await containersOf()).attach({ groupId, container: name }, signal),
      onFallBack: (error) => log.warn(`The log of ${name} is polled: it is not attached to`, error),
      signal,
    });
    return followLog(source, { ...options, wait: (ms, until) => attached.wait(ms, until) });
  }

  private textOf(event: MergedEvent): string {
    const label = this.labels[event.from] ?? '';
    switch (event.kind) {
      case 'line':
        // Between carriage returns are texts that would be written over each other, and over the label.
        return event.line.text
          .split('\r')
          .map((text) => `${label}${colouredLine(text)}\r\n`)
          .join('');
      case 'notice':
        return `${label}${dim(explainLogNotice(event.notice))}\r\n`;
      case 'failed':
        this.services.log.error(`Following a log in ${this.target.group.id} failed`, event.error);
        return `${label}${dim(explain(event.error))}\r\n`;
    }
  }

  private say(text: string): void {
    this.screen.output(`${dim(text)}\r\n`);
  }
}

/** What the lines of each container begin with: its name in a colour of its own; nothing for a single one. */
function labelsOf(containers: readonly Container[]): readonly string[] {
  const names = containers.map(({ name }) => shortName(name));
  const width = Math.max(...names.map(({ length }) => length));
  return names.map((name, index) =>
    names.length === 1 ? '' : `\x1b[${colours[index % colours.length]}m${name.padEnd(width)}\x1b[0m │ `,
  );
}
