import { randomBytes } from 'node:crypto';
import { delay } from '../base/delay.ts';
import type { Disposable } from '../base/disposableStore.ts';
import type { Event } from '../base/emitter.ts';
import { withTimeLimit } from '../base/timeLimit.ts';
import { isSameSize, type TerminalDimensions } from '../terminal/dimensions.ts';
import { probeFormat, type Probe } from './probe.ts';
import { NoAnswer, RemoteShell, type RemoteShellOptions } from './remoteShell.ts';

export interface LiveResizeOptions extends Omit<RemoteShellOptions, 'size'> {
  /** Whether the container can run a remote shell at all: a Windows one cannot. */
  readonly isPossible: boolean;
  /** The probes that stand in the session's output. */
  readonly onProbe: Event<Probe>;
}

/** Dragging a panel makes many sizes; one that stays for this long counts, in milliseconds. */
const settleMs = 120;

/** The longest that a probe may take to arrive, in milliseconds. */
const probeMs = 10_000;

/** A size that no one's terminal has, so that the remote shells of live resize do not probe each other. */
const hiddenSize: TerminalDimensions = { columns: 499, rows: 3 };

/**
 * Gives a running session a new size, which the service has no call for: a remote shell in the same container finds
 * the session's terminal by a probe and sets its size with `stty`. The kernel then signals the program in the terminal
 * (SIGWINCH). Works in Linux containers that have `/bin/sh`, `cat` and `stty`.
 */
export class LiveResize {
  private readonly options: LiveResizeOptions;
  private readonly onFixed: (size: TerminalDimensions, reason: string) => void;
  private applied: TerminalDimensions;
  private wanted: TerminalDimensions;
  private isRunning = false;
  private isFixed = false;
  private terminal: number | undefined;
  private shell: RemoteShell | undefined;

  /**
   * `size` is the one that the session was started with. `onFixed` is called once, when no other can follow: with the
   * size that stays and a reason for the log.
   */
  constructor(
    size: TerminalDimensions,
    options: LiveResizeOptions,
    onFixed: (size: TerminalDimensions, reason: string) => void,
  ) {
    this.applied = size;
    this.wanted = size;
    this.options = options;
    this.onFixed = onFixed;
  }

  resize(size: TerminalDimensions): void {
    this.wanted = size;
    if (!this.isRunning && !this.isFixed) {
      this.isRunning = true;
      void this.follow();
    }
  }

  /** Applies one size after the other until the last one wanted is there. Nothing it throws escapes. */
  private async follow(): Promise<void> {
    const { signal } = this.options;
    try {
      for (;;) {
        await this.settled();
        if (isSameSize(this.wanted, this.applied)) {
          return;
        }
        await this.applyWithRetry(this.wanted);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.isFixed = true;
        this.onFixed(this.applied, error instanceof Error ? error.message : String(error));
      }
      this.shell?.dispose();
    } finally {
      this.isRunning = false;
    }
  }

  private async settled(): Promise<void> {
    let seen: TerminalDimensions;
    do {
      seen = this.wanted;
      await delay(settleMs, this.options.signal);
    } while (!isSameSize(seen, this.wanted));
  }

  /** A remote shell that hangs may have lost its connection: it is replaced once. */
  private async applyWithRetry(size: TerminalDimensions): Promise<void> {
    try {
      await this.apply(size);
    } catch (error) {
      if (!(error instanceof NoAnswer)) {
        throw error;
      }
      this.shell?.dispose();
      this.shell = undefined;
      await this.apply(size);
    }
  }

  private async apply(size: TerminalDimensions): Promise<void> {
    if (!this.options.isPossible) {
      throw new Error('a Windows container has no stty');
    }
    // A remote shell that has been idle may have been dropped; a new one needs no search.
    if (this.shell === undefined || this.shell.isEnded) {
      this.shell = await this.openShell();
    }
    const { shell } = this;
    this.terminal ??= await this.find(shell);
    const device = `/dev/pts/${this.terminal}`;
    const answer = await shell.ask(
      `stty -F ${device} rows ${size.rows} cols ${size.columns} 2>/dev/null; stty -F ${device} size 2>/dev/null`,
    );
    if (answer !== `${size.rows} ${size.columns}`) {
      throw new Error(`stty did not set the size of ${device}`);
    }
    this.applied = size;
  }

  private async openShell(): Promise<RemoteShell> {
    const shell = await RemoteShell.open({ ...this.options, size: hiddenSize });
    if ((await shell.ask('command -v stty >/dev/null && echo yes')) !== 'yes') {
      shell.dispose();
      throw new Error('the container has no stty');
    }
    return shell;
  }

  /** The number of the terminal that the session runs in: the one whose output carries our token. */
  private async find(shell: RemoteShell): Promise<number> {
    const token = randomBytes(16).toString('hex');
    let listener: Disposable | undefined;
    const found = new Promise<number>((resolve) => {
      listener = this.options.onProbe((probe) => {
        if (probe.token === token) {
          resolve(probe.terminal);
        }
      });
    });
    const { rows, columns } = this.applied;
    try {
      // Each probe is written in the background: a terminal stopped with Ctrl-S takes nothing and must not block the rest.
      await shell.ask(
        `for p in /dev/pts/[0-9]*; do if [ "$(stty -F $p size 2>/dev/null)" = "${rows} ${columns}" ]; ` +
          `then (printf '${probeFormat}' ${token} \${p#/dev/pts/} >$p) 2>/dev/null & fi; done`,
      );
      return await withTimeLimit(
        this.options.signal,
        probeMs,
        () => new Error('no terminal of the container is the one of this session'),
        () => found,
      );
    } finally {
      listener?.dispose();
    }
  }
}
