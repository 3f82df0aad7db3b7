import * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import { isRunning, type Container, type ContainerGroup } from '../../azure/containerGroups.ts';
import { AzureError } from '../../azure/errors.ts';
import { subscriptionOf } from '../../azure/resourceIds.ts';
import type { ExecEndpoint } from '../../azure/resourceManager/containerOperations.ts';
import { isCancellation } from '../../base/cancellation.ts';
import { encodeCommandLine, hideSecretInError, type CommandLine } from '../../exec/commandLine.ts';
import { inputPace } from '../../exec/input.ts';
import { LiveResize } from '../../exec/liveResize.ts';
import { ProbeFilter } from '../../exec/probe.ts';
import type { RemoteShells } from '../../exec/remoteShell/remoteShells.ts';
import type { SessionState } from '../../exec/session.ts';
import { ShellFallback, type FallbackEnd } from '../../exec/shellFallback.ts';
import { withShellIntegration } from '../../exec/shellIntegration.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { OutputDecoder } from '../../terminal/decoder.ts';
import type { TerminalDimensions } from '../../terminal/dimensions.ts';
import { dim, eraseLine } from '../../terminal/sequences.ts';
import type { Log } from '../log.ts';
import { explainChange } from '../messages/notRunning.ts';
import { explain } from '../messages/problems.ts';
import { explainEnd } from '../messages/sessionEnds.ts';
import { connectTimeoutSeconds, keepAliveSeconds, liveResize, shellIntegration } from '../settings.ts';

/** The longest wait for what became of the container, once the session is over, in milliseconds. */
const lookMs = 3_000;

/**
 * How long the look at the container lets the request for the session go ahead, in milliseconds: the user waits for that
 * one, and where it is answered by then, its connection is free for the look.
 */
const lookDelayMs = 100;

/** What a terminal runs and where. */
export interface ExecTarget {
  /** The group as it was known last. */
  readonly group: ContainerGroup;
  readonly container: Container;
  /** The commands to try in turn. */
  readonly commands: readonly CommandLine[];
  /** The terminal's name while a session runs. */
  readonly name: string;
}

/** What shell integration needs to know. */
export interface Integration {
  /** By which the terminal knows the shell's own command lines. */
  readonly nonce: string;
  /** The images in which it has failed: it is not tried again. */
  readonly failedImages: Set<string>;
}

export interface SessionServices {
  readonly azure: () => Promise<Pick<AzureClient, 'clientFor'>>;
  readonly inventory: Inventory;
  readonly remoteShells: RemoteShells;
  readonly log: Log;
  /** A command has started: it is in the container's image. */
  readonly onStarted: (command: CommandLine) => void;
  /** Azure has named the host, and its port, of a session. */
  readonly onHost: (host: string) => void;
}

/** What a session needs of its terminal. */
export interface Screen {
  write(text: string): void;
  /** Says something among the output, where it disturbs nothing. */
  notify(text: string): void;
  size(): TerminalDimensions;
}

/**
 * One exec session as a terminal shows it: from the line that it connects to the words about its end. Whether the
 * container runs is asked for beside the session, as Azure answers 200 to an exec in an ended one: the answer decides
 * what the user is told.
 */
export class TerminalSession {
  private readonly target: ExecTarget;
  private readonly services: SessionServices;
  private readonly screen: Screen;
  private readonly integration: Integration;
  private readonly shell: ShellFallback;
  private readonly probes = new ProbeFilter();
  private readonly decoder = new OutputDecoder();
  private readonly ending = new AbortController();
  private progress: 'none' | 'shown' | 'erased' = 'none';
  private hasStarted = false;
  private liveResize: LiveResize | undefined;
  private startedWith: TerminalDimensions | undefined;

  constructor(target: ExecTarget, services: SessionServices, screen: Screen, integration: Integration) {
    this.target = target;
    this.integration = integration;
    this.services = services;
    this.screen = screen;
    this.shell = new ShellFallback({
      connectTimeoutMs: connectTimeoutSeconds() * 1000,
      keepAliveMs: keepAliveSeconds() * 1000,
      pace: inputPace(target.group.osType),
      signal: this.ending.signal,
    });
    this.shell.onDidChangeState((state) => this.stateChanged(state));
    this.shell.onIntegrationFailed((reason) => this.integrationFailed(reason));
    this.shell.onDidStart((command) => this.started(command));
    this.shell.onData((data) => this.output(this.decoder.decode(this.probes.filter(data))));
  }

  /** Whether the line that it connects is still on the screen. */
  get isConnecting(): boolean {
    return this.progress !== 'erased';
  }

  /** Whether the shell marks its prompts and commands. */
  get isIntegrated(): boolean {
    return this.shell.isIntegrated;
  }

  write(text: string): void {
    this.shell.write(text);
  }

  pause(): void {
    this.shell.pause();
  }

  resume(): void {
    this.shell.resume();
  }

  end(): void {
    this.ending.abort();
  }

  resize(size: TerminalDimensions): void {
    this.liveResize?.resize(size);
  }

  /**
   * Runs to the end; resolves to what the terminal says about it. `layout` resolves once the terminal has its size, as
   * Azure fixes it when the session starts. Never rejects.
   */
  async run(layout: Promise<unknown>): Promise<string | undefined> {
    const { target, services } = this;
    const known = this.find(services.inventory.known(target.group.id)) ?? target.container;
    try {
      return isRunning(known)
        ? await this.runBesideLook(known, layout)
        : await this.runAfterLook(known, layout);
    } catch (error) {
      if (isCancellation(error)) {
        return undefined;
      }
      services.log.error(`Exec in ${target.container.name} failed`, error);
      return explain(error);
    } finally {
      this.output(this.decoder.decode(this.probes.flush()) + this.decoder.end());
      this.end(); // what runs beside the session ends with it
      if (this.liveResize !== undefined) {
        services.remoteShells.of(target).closeFree();
      }
    }
  }

  /** A container that did not run when it was last seen is looked at first: no session is asked for in vain. */
  private async runAfterLook(known: Container, layout: Promise<unknown>): Promise<string | undefined> {
    this.showProgress(vscode.l10n.t('asking Azure for its state'));
    const container = await this.look(this.ending.signal);
    return container !== undefined && isRunning(container)
      ? this.runBesideLook(container, layout)
      : this.explainChange(known, container);
  }

  /** The session and a look at its container side by side, so that the wait is that of the session alone. */
  private async runBesideLook(known: Container, layout: Promise<unknown>): Promise<string | undefined> {
    const looking = new AbortController();
    const session = this.shell.run(
      this.target.commands,
      async (command) => {
        await layout;
        this.startedWith = this.screen.size();
        return this.execute(command, this.startedWith, this.ending.signal);
      },
      (command) => this.integrate(command),
    );
    const verdict = this.explainIfEnded(known, AbortSignal.any([looking.signal, this.ending.signal]));
    void verdict.then((text) => {
      if (text !== undefined && !this.hasStarted) {
        this.end();
      }
    });
    try {
      const end = await session;
      return (await this.lateVerdict(verdict, looking)) ?? (await this.explain(end, known));
    } catch (error) {
      const text = await this.lateVerdict(verdict, looking);
      if (text === undefined) {
        throw error;
      }
      return text;
    }
  }

  /** What the look says of a session that is over without any output; it has little time left for it. */
  private async lateVerdict(
    verdict: Promise<string | undefined>,
    looking: AbortController,
  ): Promise<string | undefined> {
    if (this.hasStarted) {
      looking.abort();
      return undefined;
    }
    const timer = setTimeout(() => looking.abort(), lookMs);
    try {
      return await verdict;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Undefined where the container runs, or Azure does not tell. Never rejects. */
  private async explainIfEnded(known: Container, signal: AbortSignal): Promise<string | undefined> {
    await this.requestAnswered();
    const after = await this.lookOrLog(signal);
    return after === 'unknown' || (after !== undefined && isRunning(after))
      ? undefined
      : this.explainChange(known, after);
  }

  private async explain(end: FallbackEnd, known: Container): Promise<string | undefined> {
    if (end.kind === 'cancelled') {
      return undefined;
    }
    if (end.kind === 'missing') {
      return vscode.l10n.t(
        'The image {0} has none of these commands: {1}. Try another one with "Exec with Command…". Azure said: {2}',
        known.image,
        end.commands.map(({ shown }) => shown).join(', '),
        end.report,
      );
    }
    const looking = new AbortController();
    const timer = setTimeout(() => looking.abort(), lookMs);
    try {
      const after = await this.lookOrLog(AbortSignal.any([looking.signal, this.ending.signal]));
      return (after === 'unknown' ? undefined : this.explainChange(known, after)) ?? explainEnd(end);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The container as it is now; undefined where Azure no longer has it. */
  private async look(signal: AbortSignal): Promise<Container | undefined> {
    const { inventory } = this.services;
    const { id } = this.target.group;
    try {
      return this.find(await this.asCurrent(signal, (current) => inventory.freshContainerGroup(id, current)));
    } catch (error) {
      if (error instanceof AzureError && error.problem.kind === 'notFound') {
        return undefined;
      }
      throw error;
    }
  }

  /** Resolves when Azure has answered the request for the session, or shortly after it was sent. */
  private async requestAnswered(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), lookDelayMs);
    const listener = this.shell.onDidChangeState((state) => {
      if (state === 'connecting' || state === 'ended') {
        resolve(undefined);
      }
    });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      listener.dispose();
    }
  }

  private async lookOrLog(signal: AbortSignal): Promise<Container | undefined | 'unknown'> {
    try {
      return await this.look(signal);
    } catch (error) {
      if (!isCancellation(error)) {
        this.services.log.warn(`Azure did not tell what became of ${this.target.container.name}`, error);
      }
      return 'unknown';
    }
  }

  private explainChange(before: Container, after: Container | undefined): string | undefined {
    const { inventory } = this.services;
    const { group } = this.target;
    return explainChange(inventory.known(group.id) ?? group, before, after);
  }

  private find(group: ContainerGroup | undefined): Container | undefined {
    return group?.containers.find(({ name }) => name === this.target.container.name);
  }

  /** @throws {AzureError} without the secret of the command, which Azure's words may repeat. */
  private async execute(
    command: CommandLine,
    size: TerminalDimensions,
    signal: AbortSignal,
  ): Promise<ExecEndpoint> {
    const { group, container } = this.target;
    const request = {
      groupId: group.id,
      container: container.name,
      command: encodeCommandLine(command.line),
      size,
      timeoutSeconds: connectTimeoutSeconds(),
    };
    return this.asCurrent(signal, async (current) => {
      const client = await (await this.services.azure()).clientFor(subscriptionOf(group.id), current);
      try {
        const endpoint = await client.containers.executeCommand(request, current);
        if (URL.canParse(endpoint.webSocketUri)) {
          this.services.onHost(new URL(endpoint.webSocketUri).host);
        }
        return endpoint;
      } catch (error) {
        throw hideSecretInError(error, command);
      }
    });
  }

  /** Asks as the account and in the cloud in use: where they change before the answer, it is asked for anew. */
  private async asCurrent<T>(signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (;;) {
      const change = new AbortController();
      const listener = this.services.inventory.onDidReset(() => change.abort());
      try {
        const answer = await ask(AbortSignal.any([signal, change.signal]));
        change.signal.throwIfAborted();
        return answer;
      } catch (error) {
        if (!change.signal.aborted || signal.aborted) {
          throw error;
        }
      } finally {
        listener.dispose();
      }
    }
  }

  private stateChanged(state: SessionState): void {
    switch (state) {
      case 'requesting':
        this.showProgress(vscode.l10n.t('asking Azure for a session'));
        break;
      case 'connecting':
        this.showProgress(vscode.l10n.t('opening the connection'));
        break;
      case 'open':
        this.services.log.info(`Exec session open: ${this.target.container.name} in ${this.target.group.id}`);
        break;
    }
  }

  /** Says what the session waits for, short enough for one row, so that the first output can erase it. */
  private showProgress(what: string): void {
    const { container, group } = this.target;
    const line = `${vscode.l10n.t('Connecting to {0} in {1}…', container.name, group.name)} ${what}`;
    const text = dim(line.slice(0, this.screen.size().columns - 1));
    this.screen.write(this.progress === 'none' ? text : eraseLine + text);
    this.progress = 'shown';
  }

  private output(text: string): void {
    if (text !== '') {
      this.screen.write(this.progress === 'shown' ? eraseLine + text : text);
      this.progress = 'erased';
    }
  }

  /** A command runs. Not before: one that is not in the image has no terminal to resize. */
  private started(command: CommandLine): void {
    this.hasStarted = true;
    this.services.onStarted(command);
    if (this.startedWith !== undefined && liveResize()) {
      this.liveResize = new LiveResize(
        this.startedWith,
        {
          engine: this.services.remoteShells.of(this.target),
          onProbe: this.probes.onProbe,
          signal: this.ending.signal,
        },
        (size, reason) => this.sizeIsFixed(size, reason),
      );
      this.resize(this.screen.size()); // it may have changed while the session was being started
    }
  }

  /** The line that starts a shell with VS Code's shell integration, where it can have any. */
  private integrate({ line, secret }: CommandLine): string | undefined {
    const { group, container } = this.target;
    const { nonce, failedImages } = this.integration;
    const isPossible = group.osType !== 'Windows' && !failedImages.has(container.image);
    return isPossible && secret === undefined && shellIntegration()
      ? withShellIntegration(line, nonce)
      : undefined;
  }

  private integrationFailed(reason: string): void {
    const { container } = this.target;
    this.integration.failedImages.add(container.image);
    this.services.log.info(`No shell integration in ${container.name}: ${reason}`);
  }

  private sizeIsFixed({ columns, rows }: TerminalDimensions, reason: string): void {
    this.services.log.info(`No live resize in ${this.target.container.name}: ${reason}`);
    this.screen.notify(
      vscode.l10n.t(
        'This session stays at {0}×{1}. "Reconnect at This Size" starts a new one.',
        columns,
        rows,
      ),
    );
  }
}
