import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecEndpoint, TerminalDimensions } from '../azure/resourceManager.ts';
import { inputPace } from './input.ts';
import { probeFormat, type Probe } from './probe.ts';
import { ExecSession } from './session.ts';

export interface LiveResizeParts {
  /** Starts an exec session in the same container. */
  readonly start: (command: string, size: TerminalDimensions, signal: AbortSignal) => Promise<ExecEndpoint>;
  /** Whether the container can run the side session at all: a Windows one cannot. */
  readonly possible: boolean;
  readonly connectTimeoutMs: number;
  readonly keepAliveMs: number;
  /** Ends with the session. */
  readonly signal: AbortSignal;
}

/** Dragging a panel makes many sizes; the one that stays so long counts, in milliseconds. */
const settleMs = 120;

/** How long the side session may take for one answer, in milliseconds. */
const answerMs = 10_000;

/**
 * A shell that is not interactive, so that it keeps no history and prints no prompt. The service splits a command at
 * spaces and knows no quoting, so the command has none.
 */
const sideCommand = '/bin/sh -c cat|sh';

/** A size that no one's terminal has, so that side sessions do not probe each other. */
const sideSize: TerminalDimensions = { columns: 499, rows: 3 };

/**
 * Gives a running session a new size, which the service has no call for: a hidden second session in the same
 * container, the side session, finds the session's terminal by a probe and sets its size with `stty`. The kernel then
 * tells the program in the terminal (SIGWINCH). Works in Linux containers that have `/bin/sh`, `cat` and `stty`.
 */
export class LiveResize {
  private readonly parts: LiveResizeParts;
  private readonly onFixed: (size: TerminalDimensions, reason: string) => void;
  private applied: TerminalDimensions;
  private wanted: TerminalDimensions;
  private running = false;
  private fixed = false;
  private terminal: number | undefined;
  private side: SideSession | undefined;
  private onProbe: (probe: Probe) => void = () => undefined;

  /**
   * `size` is the one that the session was started with. `onFixed` is called once, when no other can follow: with the
   * size that stays and a reason for the log.
   */
  constructor(
    size: TerminalDimensions,
    parts: LiveResizeParts,
    onFixed: (size: TerminalDimensions, reason: string) => void,
  ) {
    this.applied = size;
    this.wanted = size;
    this.parts = parts;
    this.onFixed = onFixed;
  }

  resize(size: TerminalDimensions): void {
    this.wanted = size;
    if (!this.running && !this.fixed) {
      this.running = true;
      void this.follow();
    }
  }

  /** A probe stood in the session's output. */
  probed(probe: Probe): void {
    this.onProbe(probe);
  }

  /** Applies one size after the other until the last one wanted is there. Nothing it throws escapes. */
  private async follow(): Promise<void> {
    const { signal } = this.parts;
    try {
      for (;;) {
        await this.settled();
        if (sameSize(this.wanted, this.applied)) {
          return;
        }
        await this.applyPatiently(this.wanted);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.fixed = true;
        this.onFixed(this.applied, error instanceof Error ? error.message : String(error));
      }
      this.side?.close();
    } finally {
      this.running = false;
    }
  }

  private async settled(): Promise<void> {
    let seen: TerminalDimensions;
    do {
      seen = this.wanted;
      await delay(settleMs, undefined, { signal: this.parts.signal });
    } while (!sameSize(seen, this.wanted));
  }

  /** A side session that hangs may have lost its connection: it is replaced once. */
  private async applyPatiently(size: TerminalDimensions): Promise<void> {
    try {
      await this.apply(size);
    } catch (error) {
      if (!(error instanceof NoAnswer)) {
        throw error;
      }
      this.side?.close();
      this.side = undefined;
      await this.apply(size);
    }
  }

  private async apply(size: TerminalDimensions): Promise<void> {
    if (!this.parts.possible) {
      throw new Error('a Windows container has no stty');
    }
    // A side session that has been idle may have been dropped; a new one needs no search.
    if (this.side === undefined || this.side.ended) {
      this.side = await SideSession.open(this.parts);
    }
    const { side } = this;
    this.terminal ??= await this.find(side);
    const device = `/dev/pts/${this.terminal}`;
    const answer = await side.ask(
      `stty -F ${device} rows ${size.rows} cols ${size.columns} 2>/dev/null; stty -F ${device} size 2>/dev/null`,
    );
    if (answer !== `${size.rows} ${size.columns}`) {
      throw new Error(`stty did not set the size of ${device}`);
    }
    this.applied = size;
  }

  /** The number of the terminal that the session runs in: the one whose output carries our token. */
  private async find(side: SideSession): Promise<number> {
    const token = randomBytes(16).toString('hex');
    const { signal } = this.parts;
    const found = new Promise<number>((resolve) => {
      this.onProbe = (probe) => {
        if (probe.token === token) {
          resolve(probe.terminal);
        }
      };
    });
    const { rows, columns } = this.applied;
    // Each probe is written in the background: a terminal stopped with Ctrl-S takes nothing and must not block the rest.
    await side.ask(
      `for p in /dev/pts/[0-9]*; do if [ "$(stty -F $p size 2>/dev/null)" = "${rows} ${columns}" ]; ` +
        `then (printf '${probeFormat}' ${token} \${p#/dev/pts/} >$p) 2>/dev/null & fi; done`,
    );
    const timeout = AbortSignal.timeout(answerMs);
    try {
      return await Promise.race([found, aborted(AbortSignal.any([signal, timeout]))]);
    } catch (error) {
      throw timeout.aborted ? new Error('no terminal of the container is the one of this session') : error;
    } finally {
      this.onProbe = () => undefined;
    }
  }
}

/** The hidden session: lines in, answers out. */
class SideSession {
  ended = false;
  private output = '';
  private onOutput: () => void = () => undefined;
  private readonly session: ExecSession;
  private readonly closing = new AbortController();
  private readonly signal: AbortSignal;

  private constructor(parts: LiveResizeParts) {
    this.signal = AbortSignal.any([parts.signal, this.closing.signal]);
    this.session = new ExecSession(
      {
        onOpen: () => undefined,
        onOutput: (text) => {
          this.output = (this.output + text).slice(-maxAnswer);
          this.onOutput();
        },
        onProbe: () => undefined,
      },
      { ...parts, pace: inputPace('Linux'), signal: this.signal },
    );
  }

  /** @throws {Error} when the container cannot run it. */
  static async open(parts: LiveResizeParts): Promise<SideSession> {
    const side = new SideSession(parts);
    const endpoint = await parts.start(sideCommand, sideSize, parts.signal);
    void side.session.run(endpoint).then(
      () => side.end('the side session has ended'),
      (error: unknown) => side.end(error instanceof Error ? error.message : 'the side session did not open'),
    );
    try {
      const answer = await side.ask('stty -echo <&1; command -v stty >/dev/null && echo yes');
      if (answer !== 'yes') {
        throw new Error('the container has no stty');
      }
      return side;
    } catch (error) {
      side.close();
      throw error;
    }
  }

  close(): void {
    this.closing.abort();
  }

  /** Runs a line; its answer is what it prints. */
  async ask(line: string): Promise<string> {
    const mark = randomBytes(8).toString('hex');
    this.output = '';
    // The terminal may echo the line, so the mark stands in it in two halves.
    const [head, tail] = [mark.slice(0, 8), mark.slice(8)];
    this.session.write(`echo ${head}"${tail}"; ${line}; echo ${head}"${tail}"\n`);
    const timeout = AbortSignal.timeout(answerMs);
    const signal = AbortSignal.any([this.signal, timeout]);
    try {
      for (;;) {
        const answer = new RegExp(`${mark}([^]*?)${mark}`).exec(this.output)?.[1];
        if (answer !== undefined) {
          return answer.trim();
        }
        await Promise.race([new Promise<void>((resolve) => (this.onOutput = resolve)), aborted(signal)]);
      }
    } catch (error) {
      throw timeout.aborted ? new NoAnswer('the side session gave no answer') : error;
    }
  }

  private end(reason: string): void {
    this.ended = true;
    this.closing.abort(new Error(reason));
  }
}

/** A side session hangs. */
class NoAnswer extends Error {}

/** No answer of a side session is nearly so long. */
const maxAnswer = 16 * 1024;

/** Rejects when the signal is aborted. */
async function aborted(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }); // errors only here
  });
}

function sameSize(a: TerminalDimensions, b: TerminalDimensions): boolean {
  return a.columns === b.columns && a.rows === b.rows;
}
