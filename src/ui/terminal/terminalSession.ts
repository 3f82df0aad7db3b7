import * as vscode from 'vscode';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { AzureError, isCancellation } from '../../azure/errors.ts';
import type { Inventory } from '../../azure/inventory.ts';
import type { ExecEndpoint, ResourceManager, TerminalDimensions } from '../../azure/resourceManager.ts';
import { encodeCommand, hideSecretInError, plainCommand, type ExecCommand } from '../../exec/command.ts';
import { inputPace } from '../../exec/input.ts';
import { LiveResize } from '../../exec/liveResize.ts';
import type { Probe } from '../../exec/probe.ts';
import { Shell, type ShellEnd } from '../../exec/shell.ts';
import type { Log } from '../log.ts';
import { explain, explainNotRunning } from '../problems.ts';
import { connectTimeoutSeconds, keepAliveSeconds, liveResize } from '../settings.ts';
import { explainEnd, explainMeanwhile } from './endings.ts';
import { Notices } from './notices.ts';
import { dim, eraseLine } from './sequences.ts';

/** How long Azure may take to tell what became of the container, in milliseconds. */
const meanwhileMs = 3_000;

/** What a terminal runs and where. */
export interface ExecTarget {
  /** The group as a fresh GET told it. */
  readonly group: ContainerGroup;
  readonly container: string;
  /** The commands to try in turn. */
  readonly commands: readonly ExecCommand[];
  /** The terminal's name while a session runs. */
  readonly name: string;
}

export interface SessionParts {
  readonly azure: () => Promise<Pick<ResourceManager, 'executeCommand'>>;
  readonly inventory: Inventory;
  readonly log: Log;
  /** A command has started: it is in the container's image. */
  readonly onStarted: (image: string, command: ExecCommand) => void;
}

/** What a session needs of its terminal. */
export interface Screen {
  write(text: string): void;
  size(): TerminalDimensions;
}

/** One exec session as a terminal shows it: from the line that it connects to the words about its end. */
export class TerminalSession {
  /** Whether the terminal still shows that it connects. */
  connecting = true;
  readonly shell: Shell;
  private readonly target: ExecTarget;
  private readonly parts: SessionParts;
  private readonly screen: Screen;
  private readonly ending = new AbortController();
  private readonly signal: AbortSignal;
  private live: LiveResize | undefined;
  private startedWith: TerminalDimensions | undefined;
  private readonly notices: Notices;

  constructor(target: ExecTarget, parts: SessionParts, closed: AbortSignal, screen: Screen) {
    this.target = target;
    this.parts = parts;
    this.screen = screen;
    this.signal = AbortSignal.any([closed, this.ending.signal]);
    this.notices = new Notices((text) => screen.write(text));
    this.shell = new Shell(
      {
        onOpen: () =>
          parts.log.info(`Exec session open: ${this.target.container} in ${this.target.group.id}`),
        onStarted: (command) => this.started(command),
        onOutput: (text) => {
          screen.write(this.connecting ? eraseLine + text : text);
          this.connecting = false;
          this.notices.follow(text);
        },
        onProbe: (probe: Probe) => this.live?.probed(probe),
      },
      { ...this.limits(), pace: inputPace(target.group.osType), signal: this.signal },
    );
  }

  end(): void {
    this.ending.abort();
  }

  /** Asks the terminal something, between two sequences of the program's. */
  ask(query: string): void {
    this.notices.ask(query);
  }

  resize(size: TerminalDimensions): void {
    this.live?.resize(size);
  }

  /** Runs to the end; resolves to what the terminal says about it. Never rejects. */
  async run(knownGroup: ContainerGroup | undefined): Promise<string | undefined> {
    const { target, parts, signal } = this;
    try {
      this.screen.write(this.connectingLine());
      const azure = await parts.azure();
      const group = knownGroup ?? (await parts.inventory.freshContainerGroup(target.group.id, signal));
      const container = runningContainer(group, target.container);
      const end = await this.shell.run(target.commands, (command) => {
        this.startedWith = this.screen.size();
        return this.execute(azure, command, this.startedWith, signal);
      });
      return await this.explain(end, container);
    } catch (error) {
      if (isCancellation(error)) {
        return undefined;
      }
      parts.log.error(`Exec in ${target.container} failed`, error);
      return error instanceof NotRunning ? error.message : explain(error);
    } finally {
      this.ending.abort(); // the side session ends with its session
    }
  }

  /** @throws {AzureError} without the secret of the command, which Azure's words may repeat. */
  private async execute(
    azure: Pick<ResourceManager, 'executeCommand'>,
    command: ExecCommand,
    size: TerminalDimensions,
    signal: AbortSignal,
  ): Promise<ExecEndpoint> {
    const { group, container } = this.target;
    const line = encodeCommand(command.line);
    try {
      return await azure.executeCommand(group.id, container, line, size, signal, connectTimeoutSeconds());
    } catch (error) {
      throw hideSecretInError(error, command);
    }
  }

  private limits() {
    return { connectTimeoutMs: connectTimeoutSeconds() * 1000, keepAliveMs: keepAliveSeconds() * 1000 };
  }

  /** A command runs. Not before: one that is not in the image has no terminal to resize. */
  private started(command: ExecCommand): void {
    const image = this.target.group.containers.find(({ name }) => name === this.target.container)?.image;
    this.parts.onStarted(image ?? '', command);
    if (this.startedWith !== undefined && liveResize()) {
      this.live = new LiveResize(
        this.startedWith,
        {
          ...this.limits(),
          start: async (command, size, signal) =>
            this.execute(await this.parts.azure(), plainCommand(command), size, signal),
          possible: this.target.group.osType !== 'Windows',
          signal: this.signal,
        },
        (size, reason) => this.sizeIsFixed(size, reason),
      );
      this.resize(this.screen.size()); // it may have changed while the session was being started
    }
  }

  private sizeIsFixed({ columns, rows }: TerminalDimensions, reason: string): void {
    this.parts.log.info(`No live resize in ${this.target.container}: ${reason}`);
    this.notices.say(
      vscode.l10n.t(
        'This session stays at {0}×{1}. "Reconnect at This Size" starts a new one.',
        columns,
        rows,
      ),
    );
  }

  /** Short enough for one row, so that the first output can erase it. */
  private connectingLine(): string {
    const { container, group } = this.target;
    return dim(
      vscode.l10n
        .t('Connecting to {0} in {1}…', container, group.name)
        .slice(0, this.screen.size().columns - 1),
    );
  }

  private async explain(end: ShellEnd, container: Container): Promise<string | undefined> {
    if (end.kind === 'cancelled') {
      return undefined;
    }
    if (end.kind === 'missing') {
      return vscode.l10n.t(
        'The image {0} has none of these commands: {1}. Try another one with "Exec with Command…". Azure said: {2}',
        container.image,
        end.commands.map(({ shown }) => shown).join(', '),
        end.report,
      );
    }
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(meanwhileMs)]);
    const meanwhile = await explainMeanwhile(
      container,
      () => this.parts.inventory.freshContainerGroup(this.target.group.id, signal),
      (error) => this.parts.log.error(`Azure did not tell what became of ${container.name}`, error),
    );
    return meanwhile ?? explainEnd(end);
  }
}

/** @throws {NotRunning | AzureError} when there is no such container or it does not run. */
function runningContainer(group: ContainerGroup, name: string): Container {
  const container = group.containers.find((candidate) => candidate.name === name);
  if (container === undefined) {
    throw new AzureError({ kind: 'notFound', detail: name });
  }
  if (!isRunning(container)) {
    throw new NotRunning(explainNotRunning(container));
  }
  return container;
}

class NotRunning extends Error {}
