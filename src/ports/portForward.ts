import type { Server, Socket } from 'node:net';
import { cancellation } from '../base/cancellation.ts';
import { clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { RemoteEngine } from '../exec/remoteShell/remoteEngine.ts';
import type { RemoteShell } from '../exec/remoteShell/remoteShell.ts';
import { listenLocally, portOf } from './localListener.ts';
import { relay, type ConnectionEnd } from './relay.ts';
import { findRelayTools, type RelayTools } from './relayTool.ts';

export interface PortForwardOptions {
  /** Of the container. */
  readonly engine: RemoteEngine;
  /** The container's port. */
  readonly port: number;
  /** The local ports to try in turn; 0 is any free one. */
  readonly localPorts: readonly number[];
  /** What there is in the image; looked for without it. */
  readonly tools?: RelayTools;
  readonly signal: AbortSignal;
}

/** What has gone through a forward. */
export interface PortTraffic {
  /** Bytes to the container, and from it. */
  readonly up: number;
  readonly down: number;
  /** How many connections are open or wait to be. */
  readonly connections: number;
}

/** Why a forward has not done what it is for. */
export type PortTrouble =
  | {
      readonly kind: 'connection';
      readonly end: Exclude<ConnectionEnd, 'closed' | 'abandoned' | 'stopped' | 'unused'>;
    }
  /** No further exec session opens. */
  | { readonly kind: 'session'; readonly error: unknown };

/** How many sessions a forward has at most; a browser opens six connections at once. */
const maxSessions = 12;

/** How long a connection may wait for its session, in milliseconds. */
const waitMs = 60_000;

/** A session that has been at rest for longer may be gone without anybody knowing, in milliseconds. */
const restMs = 10_000;

/** A spare session that ended sooner than this is not replaced before it is needed, in milliseconds. */
const shortLifeMs = 30_000;

/**
 * A local port whose connections reach a port of a container, each through an exec session of its own. One session more
 * than is needed is kept open, so that the next connection waits for none.
 */
export class PortForward {
  readonly port: number;
  readonly tools: RelayTools;
  private readonly engine: RemoteEngine;
  private readonly closing = new AbortController();
  private readonly changed = new Emitter<undefined>();
  private readonly troubled = new Emitter<PortTrouble>();
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly waiting: Socket[] = [];
  /** What gives a connection to a session that has none. */
  private readonly idle: ((socket: Socket | undefined) => void)[] = [];
  private opening = 0;
  private sessions = 0;
  private up = 0;
  private down = 0;

  readonly onDidChange = this.changed.event;
  readonly onDidMeetTrouble = this.troubled.event;

  private constructor({ engine, port }: PortForwardOptions, tools: RelayTools) {
    this.engine = engine;
    this.port = port;
    this.tools = tools;
  }

  /**
   * Looks what the image has for it, and listens.
   * @throws {NoRelayTool}, {@link LocalPortTaken}, and what a remote shell throws.
   */
  static async start(options: PortForwardOptions): Promise<PortForward> {
    const { engine, signal, localPorts } = options;
    const tools = options.tools ?? (await findRelayTools(engine, signal));
    const forward = new PortForward(options, tools);
    forward.server = await listenLocally(localPorts, (socket) => forward.accept(socket));
    forward.openSessions();
    return forward;
  }

  get localPort(): number {
    return this.server === undefined ? 0 : portOf(this.server);
  }

  get traffic(): PortTraffic {
    return { up: this.up, down: this.down, connections: this.sockets.size };
  }

  /** Listens no more, resets all connections and ends their sessions. */
  dispose(): void {
    this.closing.abort(cancellation('the port is forwarded no more'));
    this.server?.close();
    this.sockets.forEach((socket) => socket.resetAndDestroy());
    this.idle.splice(0).forEach((give) => give(undefined));
    this.changed.dispose();
    this.troubled.dispose();
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    this.waiting.push(socket);
    const timer = setTimeout(() => socket.resetAndDestroy(), waitMs);
    socket.on('error', () => undefined); // it closes then
    socket.on('close', () => {
      clearTimeout(timer);
      this.sockets.delete(socket);
      this.dropWaiting(socket);
      this.changed.fire(undefined);
    });
    socket.once('resume', () => clearTimeout(timer)); // it has a session
    this.changed.fire(undefined);
    this.serve();
  }

  private dropWaiting(socket: Socket): void {
    const at = this.waiting.indexOf(socket);
    if (at >= 0) {
      this.waiting.splice(at, 1);
    }
  }

  /** Gives what waits to the sessions that are idle, and opens more. */
  private serve(): void {
    for (let give = this.idle.at(-1); give !== undefined; give = this.idle.at(-1)) {
      const socket = this.waiting.shift();
      if (socket === undefined) {
        break;
      }
      this.idle.pop();
      give(socket);
    }
    this.openSessions();
  }

  private openSessions(): void {
    const needed = this.waiting.length + 1;
    while (
      !this.closing.signal.aborted &&
      this.sessions < maxSessions &&
      this.opening + this.idle.length < needed
    ) {
      void this.openSession();
    }
  }

  private async openSession(): Promise<void> {
    this.sessions++;
    this.opening++;
    let openedAt: number | undefined;
    try {
      await this.engine.withShell(this.closing.signal, async (shell) => {
        openedAt = clock();
        this.opening--;
        await this.work(shell);
      });
    } catch (error) {
      if (!this.closing.signal.aborted) {
        this.troubled.fire({ kind: 'session', error });
      }
    }
    this.sessions--;
    if (openedAt === undefined) {
      this.opening--;
      this.resetUnserved();
    } else if (this.waiting.length > 0 || clock() - openedAt > shortLifeMs) {
      this.openSessions();
    }
  }

  /** No further session opens: what waits is reset, unless one of those that are open will take it. */
  private resetUnserved(): void {
    if (this.sessions === 0) {
      this.waiting.splice(0).forEach((socket) => socket.resetAndDestroy());
    }
  }

  /** Joins one connection after the other, until another session is the spare one. */
  private async work(shell: RemoteShell): Promise<void> {
    while (shell.isFree && (this.idle.length === 0 || this.waiting.length > 0)) {
      const restsSince = clock();
      const socket = this.waiting.shift() ?? (await this.next(shell));
      if (socket === undefined) {
        break;
      }
      const { port, tools, closing } = this;
      const traffic = {
        onUp: (bytes: number) => {
          this.up += bytes;
          this.changed.fire(undefined);
        },
        onDown: (bytes: number) => {
          this.down += bytes;
          this.changed.fire(undefined);
        },
      };
      const isDoubtful = clock() - restsSince > restMs;
      const end = await relay(shell, socket, { ...tools, port, isDoubtful }, traffic, closing.signal);
      if (end === 'unused') {
        this.waiting.unshift(socket);
        this.serve();
      } else if (end !== 'closed' && end !== 'abandoned' && end !== 'stopped') {
        this.troubled.fire({ kind: 'connection', end });
      }
    }
    if (this.closing.signal.aborted) {
      shell.dispose();
    }
  }

  /** The next connection; undefined when the session or the forward ends before it comes. */
  private next(shell: RemoteShell): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const give = (socket: Socket | undefined) => {
        listener.dispose();
        resolve(socket);
      };
      this.idle.push(give);
      const listener = shell.onEnd(() => {
        const at = this.idle.indexOf(give);
        if (at >= 0) {
          this.idle.splice(at, 1);
          give(undefined);
        }
      });
    });
  }
}
