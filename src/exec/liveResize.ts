import { randomBytes } from 'node:crypto';
import { delay } from '../base/delay.ts';
import type { Disposable } from '../base/disposableStore.ts';
import type { Event } from '../base/emitter.ts';
import { withTimeLimit } from '../base/timeLimit.ts';
import { isSameSize, type TerminalDimensions } from '../terminal/dimensions.ts';
import { probeFormat, type Probe } from './probe.ts';
import type { RemoteEngine } from './remoteShell/remoteEngine.ts';

export interface LiveResizeOptions {
  /** What runs scripts in the session's container. */
  readonly engine: Pick<RemoteEngine, 'script'>;
  readonly signal: AbortSignal;
  /** The probes that stand in the session's output. */
  readonly onProbe: Event<Probe>;
}

/** Dragging a panel makes many sizes; one that stays for this long counts, in milliseconds. */
const settleMs = 120;

/** The longest that a probe may take to arrive, in milliseconds. */
const probeMs = 10_000;

/** The longest that one script may take, in milliseconds. */
const scriptMs = 10_000;

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
        await this.apply(this.wanted);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.isFixed = true;
        this.onFixed(this.applied, error instanceof Error ? error.message : String(error));
      }
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

  private async apply(size: TerminalDimensions): Promise<void> {
    if (this.terminal === undefined) {
      this.terminal = await this.find();
    }
    const device = `/dev/pts/${this.terminal}`;
    const answer = await this.script(
      `stty -F ${device} rows ${size.rows} cols ${size.columns};stty -F ${device} size`,
    );
    if (answer !== `${size.rows} ${size.columns}`) {
      throw new Error(`stty did not set the size of ${device}`);
    }
    this.applied = size;
  }

  private async script(source: string): Promise<string> {
    const { engine, signal } = this.options;
    const { text } = await engine.script(source, { signal, isRepeatable: true, limitMs: scriptMs });
    return text.toString();
  }

  /** The number of the terminal that the session runs in: the one whose output carries our token. */
  private async find(): Promise<number> {
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
      await this.script(
        `for p in /dev/pts/[0-9]*;do [ "$(stty -F $p size)" = "${rows} ${columns}" ]&&` +
          `{ printf '${probeFormat}' ${token} \${p#/dev/pts/} >$p;} 2>&1 &done >/dev/null`,
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
