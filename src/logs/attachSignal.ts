import type { WebSocket } from 'ws';
import { askedPauseMs, AzureError, type RestErrorLike } from '../azure/errors.ts';
import type { SocketEndpoint } from '../azure/resourceManager/containerOperations.ts';
import { isSocketAddress } from '../azure/socketAddress.ts';
import { isCancellation, onAbort } from '../base/cancellation.ts';
import { clock, timerMs, type Clock } from '../base/clock.ts';
import { delay } from '../base/delay.ts';
import { Emitter } from '../base/emitter.ts';
import { shortestWaitMs } from './pollPace.ts';

/** The longest wait for news from an open socket, in milliseconds: it may be dead, which a poll finds out. */
const longestWaitMs = 60_000;

/** The time between two attempts to attach, in milliseconds. */
const retryMs = 30_000;

/** The longest that the websocket may take to open, in milliseconds. */
const handshakeMs = 30_000;

/** Larger messages than any log line makes are not taken in, in bytes. */
const maxMessage = 16 * 1024 * 1024;

export interface AttachOptions {
  readonly attach: (signal: AbortSignal) => Promise<SocketEndpoint>;
  /** There is no socket any more, so the log is polled as if there had never been one. */
  readonly onFallBack: (error: unknown) => void;
  /** Closes the socket. */
  readonly signal: AbortSignal;
  readonly now?: Clock;
}

/**
 * Tells when a container has written something, by the websocket of *Attach*. The lines themselves are read from the log:
 * nothing says whether that socket repeats what was written before, or where two of its messages are one line.
 */
export class AttachSignal {
  private readonly options: AttachOptions;
  private readonly changed = new Emitter<void>();
  private state: 'closed' | 'opening' | 'open' | 'refused' = 'closed';
  private readonly now: Clock;
  /** When it is tried next, at the earliest. */
  private nextAttempt = Number.NEGATIVE_INFINITY;
  private hasNews = false;

  constructor(options: AttachOptions) {
    this.options = options;
    this.now = options.now ?? clock;
  }

  /** Waits for news, or for `ms` milliseconds where no socket is open. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.state === 'closed' && this.now() > this.nextAttempt) {
      void this.open();
    }
    if (this.isOpen && !this.hasNews && ms > shortestWaitMs) {
      await this.untilChange(signal);
    }
    // What is written meanwhile comes with the same answer; without a socket it is the whole wait.
    await delay(this.isOpen ? Math.min(ms, shortestWaitMs) : ms, signal);
    this.hasNews = false;
  }

  private get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Attaches, and stays attached until the socket is closed. Never rejects. */
  private async open(): Promise<void> {
    this.state = 'opening';
    this.nextAttempt = this.now() + retryMs;
    const { attach, onFallBack, signal } = this.options;
    try {
      const [{ webSocketUri, password }, { WebSocket }] = await Promise.all([attach(signal), import('ws')]);
      if (!isSocketAddress(webSocketUri)) {
        throw new AzureError({ kind: 'unexpected', detail: 'Azure gave a log address that is not wss://' });
      }
      signal.throwIfAborted();
      const socket = new WebSocket(webSocketUri, {
        headers: { Authorization: password },
        perMessageDeflate: false,
        followRedirects: false,
        skipUTF8Validation: true,
        handshakeTimeout: handshakeMs,
        maxPayload: maxMessage,
      });
      socket.on('open', () => (this.state = 'open'));
      throw await this.untilClosed(socket);
    } catch (error) {
      this.state = !this.isOpen && isRefusal(error) ? 'refused' : 'closed';
      this.nextAttempt = Math.max(this.nextAttempt, this.now() + askedPauseMs(error));
      this.changed.fire();
      if (!isCancellation(error)) {
        onFallBack(error);
      }
    }
  }

  /** Resolves to why the socket is closed. */
  private async untilClosed(socket: WebSocket): Promise<Error> {
    let failure: Error | undefined;
    const aborted = onAbort(this.options.signal, (reason) => {
      failure = reason;
      socket.terminate();
    });
    try {
      const code = await new Promise<number>((resolve) => {
        socket.on('message', (data: Buffer) => {
          // An empty message comes first; it is no news.
          if (data.length > 0) {
            this.hasNews = true;
            this.changed.fire();
          }
        });
        socket.on('error', (error) => (failure ??= error));
        socket.on('close', resolve);
      });
      return failure ?? new Error(`the log stream was closed (${code})`);
    } finally {
      aborted.dispose();
    }
  }

  private async untilChange(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), timerMs(longestWaitMs));
    const listeners = [this.changed.event(() => resolve(undefined)), onAbort(signal, reject)];
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      listeners.forEach((listener) => listener.dispose());
    }
  }
}

/** Whether the next attempt would fail as well; a container that restarts closes its socket, and has none for a while. */
function isRefusal(error: unknown): boolean {
  if (error instanceof AzureError) {
    switch (error.problem.kind) {
      case 'forbidden':
      case 'unexpected':
        return true;
      case 'service':
        return isRefusalStatus((error.cause as Partial<RestErrorLike> | undefined)?.statusCode); // only read where it has one
      default:
        return false;
    }
  }
  const [, status] =
    /^Unexpected server response: (\d+)/.exec(error instanceof Error ? error.message : '') ?? []; // ws
  return isRefusalStatus(status === undefined ? undefined : Number(status));
}

function isRefusalStatus(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 429;
}
