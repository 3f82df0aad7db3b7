import type { WebSocket } from 'ws';
import { AzureError } from '../azure/errors.ts';
import type { ExecEndpoint } from '../azure/resourceManager/containerOperations.ts';
import { isSocketAddress } from '../azure/socketAddress.ts';
import { onAbort } from '../base/cancellation.ts';
import { clock, timerMs } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { InputQueue, type InputPace } from './input.ts';
import { KeepAlive } from './keepAlive.ts';

/** Where a session stands: what it waits for, or that bytes flow. */
export type SessionState = 'idle' | 'requesting' | 'connecting' | 'open' | 'ended';

/** How a session ended, as far as its socket tells. The service sends no exit code, so there is none. */
export type SessionEnd =
  /** The socket was closed in order: mostly the program's end. */
  | { readonly kind: 'closed' }
  /** The connection broke. `code` is the close code or the network's; nothing had come or gone for `idleMs`. */
  | { readonly kind: 'lost'; readonly code: string; readonly idleMs: number }
  /** The connection went silent: the peer had answered pings and stopped. */
  | { readonly kind: 'silent' }
  /** Azure does not allow the session: close code 1008. */
  | { readonly kind: 'refused' }
  /** Azure closed the session for a reason of its own, such as 1001 (going away) or 1011 (its own error). */
  | { readonly kind: 'serviceEnded'; readonly code: string }
  /** What came was no websocket traffic, or too large for any terminal. */
  | { readonly kind: 'malformed'; readonly code: string }
  | { readonly kind: 'cancelled' };

export interface SessionOptions {
  readonly pace: InputPace;
  /** The longest that the websocket may take to open, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** The time between two pings, in milliseconds; 0 sends none. */
  readonly keepAliveMs: number;
  readonly signal: AbortSignal;
}

/** Why the socket is closed from this side, where it is. */
type CloseReason = 'timedOut' | 'silent' | undefined;

interface SocketOutcome {
  readonly opened: boolean;
  readonly failure: Error | undefined;
  readonly closeReason: CloseReason;
  readonly code: number;
}

/** Larger messages than any terminal makes are not taken in, in bytes. */
const maxMessage = 16 * 1024 * 1024;

/** After so much output, in bytes, all else that waits in this process has its turn. */
const maxPerTurn = 256 * 1024;

/**
 * One exec session: the request for it and the websocket of *Containers - Execute Command*.
 * The password is the first, TEXT frame; then raw terminal bytes go both ways until the socket closes.
 */
export class ExecSession {
  private readonly input: InputQueue;
  private readonly options: SessionOptions;
  private readonly data = new Emitter<Buffer>();
  private readonly stateChanged = new Emitter<SessionState>();
  private current: SessionState = 'idle';
  private socket: WebSocket | undefined;
  private lastTraffic = clock();
  private takenInTurn = 0;
  private isPaused = false;

  /** Terminal output, cut anywhere. */
  readonly onData = this.data.event;
  readonly onDidChangeState = this.stateChanged.event;

  constructor(options: SessionOptions) {
    this.options = options;
    this.input = new InputQueue(options.pace, {
      send: (frame, sent) => this.socket?.send(frame, { binary: true }, sent),
    });
  }

  get state(): SessionState {
    return this.current;
  }

  /** Types into the session; only an open one takes it. */
  write(text: string): void {
    if (this.current === 'open') {
      this.lastTraffic = clock();
      this.input.write(text);
    }
  }

  /** Sends bytes as they are, in frames of at most `maxFrame`; resolves once they have left, or will not. */
  send(data: Uint8Array, maxFrame: number): Promise<void> {
    const { socket } = this;
    if (this.current !== 'open' || socket === undefined || data.length === 0) {
      return Promise.resolve();
    }
    this.lastTraffic = clock();
    return new Promise((resolve) => {
      for (let at = 0; at < data.length; at += maxFrame) {
        const isLast = at + maxFrame >= data.length;
        socket.send(data.subarray(at, at + maxFrame), { binary: true }, isLast ? () => resolve() : undefined);
      }
    });
  }

  /** Reads no further until `resume`: what the other side sends waits in the network and slows it down. */
  pause(): void {
    this.isPaused = true;
    this.socket?.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.socket?.resume();
  }

  /**
   * Asks for the session, opens it and waits for its end. A session runs once.
   * @throws {AzureError} when it does not open, and what `request` throws.
   */
  async run(request: () => Promise<ExecEndpoint>): Promise<SessionEnd> {
    const { signal } = this.options;
    try {
      this.enter('requesting');
      // The library is there by the time that the answer is.
      const [{ webSocketUri, password }, { WebSocket }] = await Promise.all([request(), import('ws')]);
      if (!isSocketAddress(webSocketUri)) {
        throw new AzureError({ kind: 'unexpected', detail: 'Azure gave an exec address that is not wss://' });
      }
      signal.throwIfAborted();
      this.enter('connecting');
      const socket = new WebSocket(webSocketUri, {
        perMessageDeflate: false,
        followRedirects: false,
        skipUTF8Validation: true, // a TEXT frame may end inside a character; who decodes spans frames
        maxPayload: maxMessage,
      });
      const outcome = await this.untilClosed(socket, password);
      if (signal.aborted) {
        return { kind: 'cancelled' };
      }
      if (!outcome.opened) {
        throw connectError(outcome, webSocketUri);
      }
      return sessionEnd(outcome, clock() - this.lastTraffic);
    } finally {
      this.socket = undefined;
      this.input.dispose();
      this.enter('ended');
    }
  }

  /** From the handshake to the close. */
  private async untilClosed(socket: WebSocket, password: string): Promise<SocketOutcome> {
    let opened = false;
    let failure: Error | undefined;
    let closeReason: CloseReason;
    let keepAlive: KeepAlive | undefined;
    const aborted = onAbort(this.options.signal, () => socket.terminate());
    // The handshake's own time limit starts when a connection is there; a silent proxy never gives one.
    const deadline = setTimeout(() => {
      closeReason = 'timedOut';
      socket.terminate();
    }, timerMs(this.options.connectTimeoutMs));
    try {
      const code = await new Promise<number>((resolve) => {
        socket.on('open', () => {
          opened = true;
          clearTimeout(deadline);
          socket.send(password, { binary: false });
          this.socket = socket;
          this.lastTraffic = clock();
          keepAlive = new KeepAlive(socket, this.options.keepAliveMs, () => {
            closeReason = 'silent';
            socket.terminate();
          });
          this.enter('open');
        });
        socket.on('message', (data: Buffer) => {
          this.lastTraffic = clock();
          // An empty message comes first; it is no end of file (azure-cli#15856).
          if (data.length > 0) {
            this.data.fire(data);
            this.endTurn(data.length);
          }
        });
        socket.on('error', (error) => (failure = error));
        socket.on('close', resolve);
      });
      return { opened, failure, closeReason, code };
    } finally {
      clearTimeout(deadline);
      keepAlive?.dispose();
      aborted.dispose();
    }
  }

  /** Node reads on for as long as there is anything to read, which nothing else of this process gets past. */
  private endTurn(taken: number): void {
    this.takenInTurn += taken;
    if (this.takenInTurn > maxPerTurn) {
      this.takenInTurn = 0;
      this.socket?.pause();
      setImmediate(() => {
        if (!this.isPaused) {
          this.socket?.resume();
        }
      });
    }
  }

  private enter(state: SessionState): void {
    this.current = state;
    this.stateChanged.fire(state);
  }
}

function sessionEnd({ failure, closeReason, code }: SocketOutcome, idleMs: number): SessionEnd {
  const failureCode = errorCode(failure);
  if (closeReason === 'silent') {
    return { kind: 'silent' };
  }
  if (failureCode?.startsWith('WS_ERR_') === true) {
    return { kind: 'malformed', code: failureCode };
  }
  switch (code) {
    case 1000:
    case 1005:
      return { kind: 'closed' };
    case 1006:
      return { kind: 'lost', code: failureCode ?? String(code), idleMs };
    case 1008:
      return { kind: 'refused' };
    default:
      return { kind: 'serviceEnded', code: String(code) };
  }
}

function connectError({ failure, closeReason }: SocketOutcome, uri: string): AzureError {
  const code =
    closeReason === 'timedOut'
      ? 'ETIMEDOUT'
      : (errorCode(failure) ?? failure?.message.replace(/^Unexpected server response: /, 'HTTP '));
  return new AzureError(
    { kind: 'unreachable', host: new URL(uri).host, code: code ?? 'closed', isExec: true },
    { cause: failure },
  );
}

function errorCode(error: Error | undefined): string | undefined {
  return error !== undefined && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
