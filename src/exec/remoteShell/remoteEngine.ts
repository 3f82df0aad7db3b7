import { cancellation, onAbort, untilAborted } from '../../base/cancellation.ts';
import { captured } from './agent.ts';
import type { ShellCommand } from './commandSource.ts';
import type { ChecksumTool } from './checksum.ts';
import { RemoteShellLost } from './errors.ts';
import { FrameSizes } from './frameSizes.ts';
import { readOutput, type ReadEvents, type ReadResult } from './readOutput.ts';
import type { Answer, RemoteShell } from './remoteShell.ts';
import { writeInput, type Input, type WriteResult } from './writeInput.ts';
import { runCommand, type CommandEvents, type CommandResult } from './runCommand.ts';
import { findTools, foundTools, type Tool } from './tools.ts';

export interface ScriptOptions {
  readonly signal: AbortSignal;
  /** Whether the script may be run once more when it is not known whether it was. */
  readonly isRepeatable: boolean;
  /** The longest wait for its answer, in milliseconds; half a minute without it. */
  readonly limitMs?: number;
}

const scriptMs = 30_000;

/** How long remote shells live on without work, in milliseconds. */
const idleMs = 60_000;

/**
 * What runs scripts and commands in one container. It opens remote shells as it needs them, keeps those that are free, and
 * ends them after a minute without work. Its work may run side by side.
 */
export class RemoteEngine {
  private readonly open: (signal: AbortSignal) => Promise<RemoteShell>;
  private readonly closing = new AbortController();
  private readonly free: RemoteShell[] = [];
  private readonly frames = new FrameSizes();
  private inUse = 0;
  /** How many sessions live. */
  private living = 0;
  /** Grows when no more work may begin in the sessions that there are. */
  private generation = 0;
  private idleTimer: NodeJS.Timeout | undefined;
  /** Forgotten with the last session: the container's next run may have another image. */
  private known: ReadonlySet<Tool> | undefined;
  private preparing: Promise<void> | undefined;

  /** `open` makes a further remote shell, which ends with the signal. */
  constructor(open: (signal: AbortSignal) => Promise<RemoteShell>) {
    this.open = open;
  }

  /**
   * Runs one line of our own shell source, with no input, and returns what it prints: up to 4 MB of text without line ends
   * at its end. What it takes from outside is quoted with {@link quote}.
   * @throws {RemoteShellUnavailable} where the container has no shell for it, {@link RemoteShellLost} when it is gone.
   */
  async script(source: string, { signal, isRepeatable, limitMs = scriptMs }: ScriptOptions): Promise<Answer> {
    const ask = () => this.withShell(signal, (shell) => shell.ask(captured(source), { signal, limitMs }));
    try {
      return await ask();
    } catch (error) {
      if (isRepeatable && error instanceof RemoteShellLost && error.reason !== 'tooLong') {
        return ask();
      }
      throw error;
    }
  }

  /** What the image has of the tools that work may want: looked for once while there are sessions. */
  async tools(signal: AbortSignal): Promise<ReadonlySet<Tool>> {
    if (this.known !== undefined) {
      return this.known;
    }
    const found = foundTools(await this.script(findTools, { signal, isRepeatable: true }));
    this.known = this.living > 0 ? found : undefined;
    return found;
  }

  /** Runs a script of our own for its raw output, see {@link readOutput}. */
  read(source: string, events: ReadEvents, signal: AbortSignal): Promise<ReadResult> {
    return this.withShell(signal, (shell) => readOutput(shell, source, events, signal));
  }

  /** Runs a script of our own that takes raw input, see {@link writeInput}. */
  write(source: string, input: Input, signal: AbortSignal): Promise<WriteResult> {
    return this.withShell(signal, (shell) => writeInput(shell, source, input, this.frames, signal));
  }

  /** The tool that the image has for checksums, if there is one. */
  checksumTool(signal: AbortSignal): Promise<ChecksumTool | undefined> {
    return this.withShell(signal, (shell) => Promise.resolve(shell.checksumTool));
  }

  /**
   * Opens the sessions that {@link RemoteEngine.run} needs, for a command that is about to come and waits for them. Resolves
   * when they are open, or cannot be: then the command tells why.
   */
  prepare(signal: AbortSignal): Promise<void> {
    this.preparing ??= this.withShells(signal, () => Promise.resolve())
      .catch(() => undefined)
      .finally(() => (this.preparing = undefined));
    return this.preparing;
  }

  /** Runs a command line of the user's, see {@link runCommand}. */
  async run(command: ShellCommand, events: CommandEvents, signal: AbortSignal): Promise<CommandResult> {
    if (this.preparing !== undefined) {
      await untilAborted(this.preparing, signal);
    }
    return this.withShells(signal, (shell, errorShell) =>
      runCommand(shell, errorShell, command, events, signal),
    );
  }

  /** Does work with a remote shell of its own, which goes on to others if it is free in the end. */
  async withShell<T>(signal: AbortSignal, work: (shell: RemoteShell) => Promise<T>): Promise<T> {
    const { generation } = this;
    const shell = await this.take(signal);
    try {
      return await work(shell);
    } finally {
      this.giveBack(shell, generation);
    }
  }

  /** Ends the sessions that nothing uses now, for whoever will not need them again. */
  closeFree(): void {
    this.free.splice(0).forEach((shell) => shell.dispose());
  }

  /** Lets work that is under way go on, as open terminals do; what begins later has new sessions. */
  renew(): void {
    this.generation++;
    this.closeFree();
  }

  /** Ends all work and every session. */
  dispose(): void {
    clearTimeout(this.idleTimer);
    this.closing.abort(cancellation('the remote shells of the container were closed'));
  }

  /** The same as {@link withShell} with two, which are opened side by side. */
  private async withShells<T>(
    signal: AbortSignal,
    work: (one: RemoteShell, other: RemoteShell) => Promise<T>,
  ): Promise<T> {
    const { generation } = this;
    const second = this.take(signal);
    second.catch(() => undefined); // it may fail before anyone waits for it
    try {
      return await this.withShell(signal, async (one) => work(one, await second));
    } finally {
      await second.then(
        (other) => this.giveBack(other, generation),
        () => undefined,
      );
    }
  }

  private async take(signal: AbortSignal): Promise<RemoteShell> {
    signal.throwIfAborted();
    clearTimeout(this.idleTimer);
    this.inUse++;
    for (let shell = this.free.pop(); shell !== undefined; shell = this.free.pop()) {
      if (!shell.isEnded) {
        return shell;
      }
    }
    try {
      return await this.openShell(signal);
    } catch (error) {
      this.workEnded();
      throw error;
    }
  }

  /** The caller may cancel the wait for a shell; once it is open it is the engine's. */
  private async openShell(signal: AbortSignal): Promise<RemoteShell> {
    const opening = new AbortController();
    const listener = onAbort(signal, (reason) => opening.abort(reason));
    try {
      const shell = await this.open(AbortSignal.any([opening.signal, this.closing.signal]));
      this.living++;
      shell.onEnd(() => this.ended());
      return shell;
    } finally {
      listener.dispose();
    }
  }

  private ended(): void {
    this.living--;
    if (this.living === 0) {
      this.known = undefined;
    }
  }

  private giveBack(shell: RemoteShell, generation: number): void {
    if (shell.isFree && generation === this.generation) {
      this.free.push(shell);
    } else {
      shell.dispose(); // it may still be at work, or is another account's
    }
    this.workEnded();
  }

  private workEnded(): void {
    this.inUse--;
    if (this.inUse === 0) {
      this.idleTimer = setTimeout(() => this.closeFree(), idleMs);
      this.idleTimer.unref();
    }
  }
}
