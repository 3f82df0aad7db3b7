import type { WebSocket } from 'ws';
import { AzureError } from '../azure/errors.ts';
import type { ExecEndpoint } from '../azure/resourceManager.ts';
import { InputQueue, type InputPace } from './input.ts';
import { KeepAlive } from './keepAlive.ts';
import { ProbeFilter, type Probe } from './probe.ts';

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

export interface SessionEvents {
  /** The socket is open and input flows. */
  onOpen(): void;
  /** Terminal output, decoded across frames. */
  onOutput(text: string): void;
  /** A probe stood in the output; nobody sees it there. */
  onProbe(probe: Probe): void;
}

export interface SessionOptions {
  readonly pace: InputPace;
  /** How long the websocket may take to open, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** The time between two pings, in milliseconds; 0 sends none. */
  readonly keepAliveMs: number;
  readonly signal: AbortSignal;
}

/** Why the socket is closed from this side, where it is. */
type Cut = 'timedOut' | 'silent' | undefined;

interface SocketLife {
  readonly opened: boolean;
  readonly failure: Error | undefined;
  readonly cut: Cut;
  readonly code: number;
}

/** Larger messages than any terminal makes are not taken in, in bytes. */
const maxMessage = 16 * 1024 * 1024;

/**
 * One exec session: the websocket of *Containers - Execute Command*.
 * The password is the first, TEXT frame; then raw terminal bytes go both ways until the socket closes.
 */
export class ExecSession {
  private readonly input: InputQueue;
  private readonly events: SessionEvents;
  private readonly options: SessionOptions;
  private typed = '';
  private socket: WebSocket | undefined;
  private lastTraffic = 0;

  constructor(events: SessionEvents, options: SessionOptions) {
    this.events = events;
    this.options = options;
    this.input = new InputQueue(options.pace, {
      send: (frame, sent) => this.socket?.send(frame, { binary: true }, sent),
    });
  }

  /** Types into the session; before it is open the text waits. */
  write(text: string): void {
    if (this.socket === undefined) {
      this.typed += text;
    } else {
      this.lastTraffic = Date.now();
      this.input.write(text);
    }
  }

  /** Reads no further until `resume`: what the other side sends waits in the network and slows it down. */
  pause(): void {
    this.socket?.pause();
  }

  resume(): void {
    this.socket?.resume();
  }

  /**
   * Opens the session and waits for its end.
   * @throws {AzureError} when it does not open.
   */
  async run(endpoint: ExecEndpoint): Promise<SessionEnd> {
    const { signal } = this.options;
    // The address is opened as given, as its host and path differ between regions; but never in clear text.
    if (!/^wss:\/\//i.test(endpoint.webSocketUri) || !URL.canParse(endpoint.webSocketUri)) {
      throw new AzureError({ kind: 'unexpected', detail: 'Azure gave an exec address that is not wss://' });
    }
    const { WebSocket } = await import('ws');
    signal.throwIfAborted();
    const socket = new WebSocket(endpoint.webSocketUri, {
      perMessageDeflate: false,
      followRedirects: false,
      skipUTF8Validation: true, // a TEXT frame may end inside a character; the decoder spans frames
      maxPayload: maxMessage,
    });
    const abort = () => socket.terminate();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const life = await this.live(socket, endpoint.password);
      if (signal.aborted) {
        return { kind: 'cancelled' };
      }
      if (!life.opened) {
        throw connectError(life, endpoint.webSocketUri);
      }
      return sessionEnd(life, Date.now() - this.lastTraffic);
    } finally {
      this.socket = undefined;
      this.input.dispose();
      signal.removeEventListener('abort', abort);
    }
  }

  /** From the handshake to the close. */
  private async live(socket: WebSocket, password: string): Promise<SocketLife> {
    // Several times as fast as Node's StringDecoder.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const probes = new ProbeFilter((probe) => this.events.onProbe(probe));
    const output = (data: Buffer, last: boolean) => {
      const text = decoder.decode(data, { stream: !last });
      if (text !== '') {
        this.events.onOutput(text);
      }
    };
    let opened = false;
    let failure: Error | undefined;
    let cut: Cut;
    let keepAlive: KeepAlive | undefined;
    // The handshake's own time limit starts when a connection is there; a silent proxy never gives one.
    const deadline = setTimeout(() => {
      cut = 'timedOut';
      socket.terminate();
    }, this.options.connectTimeoutMs);
    try {
      const code = await new Promise<number>((resolve) => {
        socket.on('open', () => {
          opened = true;
          clearTimeout(deadline);
          socket.send(password, { binary: false });
          this.socket = socket;
          this.lastTraffic = Date.now();
          keepAlive = new KeepAlive(socket, this.options.keepAliveMs, () => {
            cut = 'silent';
            socket.terminate();
          });
          this.events.onOpen();
          if (this.typed !== '') {
            this.input.write(this.typed);
          }
        });
        socket.on('message', (data: Buffer) => {
          this.lastTraffic = Date.now();
          // An empty message comes first; it is no end of file (azure-cli#15856).
          if (data.length > 0) {
            output(probes.filter(data), false);
          }
        });
        socket.on('error', (error) => (failure = error));
        socket.on('close', resolve);
      });
      output(probes.flush(), true);
      return { opened, failure, cut, code };
    } finally {
      clearTimeout(deadline);
      keepAlive?.dispose();
    }
  }
}

function sessionEnd({ failure, cut, code }: SocketLife, idleMs: number): SessionEnd {
  const failureCode = errorCode(failure);
  if (cut === 'silent') {
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

function connectError({ failure, cut }: SocketLife, uri: string): AzureError {
  const code =
    cut === 'timedOut'
      ? 'ETIMEDOUT'
      : (errorCode(failure) ?? failure?.message.replace(/^Unexpected server response: /, 'HTTP '));
  return new AzureError({
    kind: 'unreachable',
    host: new URL(uri).host,
    code: code ?? 'closed',
    isExec: true,
  });
}

function errorCode(error: Error | undefined): string | undefined {
  return error !== undefined && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
