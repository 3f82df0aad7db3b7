import { StringDecoder } from 'node:string_decoder';
import type { WebSocket } from 'ws';
import { AzureError, toAzureError } from '../azure/errors.ts';
import type { ExecEndpoint } from '../azure/resourceManager.ts';
import { InputQueue, type InputPace } from './input.ts';

/** How a session ended. The service sends no exit code, so there is none. */
export type SessionEnd =
  /** The socket was closed in order: mostly the program's end. */
  | { readonly kind: 'closed' }
  /** The socket broke: `code` is the websocket's close code or the network's error code. */
  | { readonly kind: 'lost'; readonly code: string }
  | { readonly kind: 'cancelled' };

export interface SessionEvents {
  /** The socket is open and input flows. */
  onOpen(): void;
  /** Terminal output, decoded across frames. */
  onOutput(text: string): void;
}

export interface SessionOptions {
  readonly pace: InputPace;
  /** How long the websocket may take to open, in milliseconds. */
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal;
}

interface SocketLife {
  readonly opened: boolean;
  readonly failure: Error | undefined;
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

  constructor(events: SessionEvents, options: SessionOptions) {
    this.events = events;
    this.options = options;
    this.input = new InputQueue(options.pace, (frame) => this.socket?.send(frame, { binary: true }));
  }

  /** Types into the session; before it is open the text waits. */
  write(text: string): void {
    if (this.socket === undefined) {
      this.typed += text;
    } else {
      this.input.write(text);
    }
  }

  /**
   * Opens the session and waits for its end.
   * @throws {AzureError} when it does not open.
   */
  async run(endpoint: ExecEndpoint): Promise<SessionEnd> {
    const { signal, connectTimeoutMs } = this.options;
    // The address is opened as given, as its host and path differ between regions; but never in clear text.
    if (!/^wss:\/\//i.test(endpoint.webSocketUri) || !URL.canParse(endpoint.webSocketUri)) {
      throw new AzureError({ kind: 'unexpected', detail: 'Azure gave an exec address that is not wss://' });
    }
    const { WebSocket } = await import('ws');
    signal.throwIfAborted();
    const socket = new WebSocket(endpoint.webSocketUri, {
      perMessageDeflate: false,
      followRedirects: false,
      skipUTF8Validation: true, // a TEXT frame may end inside a character; the decoder below spans frames
      handshakeTimeout: connectTimeoutMs,
      maxPayload: maxMessage,
    });
    const decoder = new StringDecoder('utf8');
    const abort = () => socket.terminate();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const { opened, failure, code } = await new Promise<SocketLife>((resolve) => {
        const life: { opened: boolean; failure: Error | undefined } = { opened: false, failure: undefined };
        socket.on('open', () => {
          life.opened = true;
          socket.send(endpoint.password, { binary: false });
          this.socket = socket;
          this.events.onOpen();
          if (this.typed !== '') {
            this.input.write(this.typed);
          }
        });
        socket.on('message', (data: Buffer) => {
          // An empty message comes first; it is no end of file (azure-cli#15856).
          if (data.length > 0) {
            this.events.onOutput(decoder.write(data));
          }
        });
        socket.on('error', (error) => (life.failure = error));
        socket.on('close', (code) => resolve({ ...life, code }));
      });
      if (signal.aborted) {
        return { kind: 'cancelled' };
      }
      if (!opened) {
        throw connectError(failure, endpoint.webSocketUri);
      }
      const rest = decoder.end();
      if (rest !== '') {
        this.events.onOutput(rest);
      }
      return code === 1000 || code === 1005
        ? { kind: 'closed' }
        : { kind: 'lost', code: errorCode(failure) ?? String(code) };
    } finally {
      this.socket = undefined;
      this.input.dispose();
      signal.removeEventListener('abort', abort);
    }
  }
}

function connectError(failure: Error | undefined, uri: string): AzureError {
  const code = errorCode(failure) ?? failure?.message.replace(/^Unexpected server response: /, 'HTTP ');
  if (failure !== undefined && code === undefined) {
    return toAzureError(failure);
  }
  return new AzureError({ kind: 'unreachable', host: new URL(uri).host, code: code ?? 'closed' });
}

function errorCode(error: Error | undefined): string | undefined {
  return error !== undefined && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
