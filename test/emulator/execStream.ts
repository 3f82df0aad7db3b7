import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { containerLog, type ContainerGroups } from './containerGroups.ts';
import type { ExecSessions, PendingSession } from './execSessions.ts';
import type { Faults, SocketEffect } from './faults.ts';
import { startProgram, type Program } from './programs.ts';
import { Random } from './random.ts';

/** How long the password may take, in milliseconds. */
const passwordWaitMs = 10_000;

/** Output waits above this many unsent bytes and goes on at half of it. */
const highWater = 1024 * 1024;

/** The websockets of exec and attach. */
export class ExecStream {
  private readonly server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly sockets = new Map<WebSocket, string>();
  private readonly random = new Random(1);
  private readonly sessions: ExecSessions;
  private readonly groups: ContainerGroups;
  private readonly faults: Faults;

  constructor(sessions: ExecSessions, groups: ContainerGroups, faults: Faults) {
    this.sessions = sessions;
    this.groups = groups;
    this.faults = faults;
  }

  /** How many sessions are open. */
  get open(): number {
    return this.sockets.size;
  }

  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const { pathname } = new URL(request.url ?? '/', 'wss://localhost');
    const fault = this.faults.takeSocket(pathname);
    const session = this.sessions.take(pathname);
    if (fault?.kind === 'refuse' || session === undefined) {
      const status = fault?.kind === 'refuse' ? fault.status : 404;
      connection.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.server.handleUpgrade(request, connection, head, (socket) => {
      this.accept(socket, session, fault, request.headers.authorization);
    });
  }

  /** The sandbox of a group is gone: its sessions break off. */
  tearDown(groupId: string): void {
    for (const [socket, id] of this.sockets) {
      if (id === groupId) {
        socket.terminate();
      }
    }
  }

  close(): void {
    for (const socket of this.sockets.keys()) {
      socket.terminate();
    }
    this.server.close();
  }

  private accept(
    socket: WebSocket,
    session: PendingSession,
    fault: SocketEffect | undefined,
    authorization: string | undefined,
  ): void {
    this.sockets.set(socket, session.groupId);
    const timer = setTimeout(() => socket.close(1008), passwordWaitMs);
    let program: Program | undefined;
    const start = () => {
      clearTimeout(timer);
      // An empty message comes before anything else (azure-cli#15856).
      socket.send(Buffer.alloc(0));
      program = this.start(socket, session, fault);
    };
    socket.on('close', () => {
      clearTimeout(timer);
      this.sockets.delete(socket);
      program?.kill();
    });
    socket.on('error', () => socket.terminate());
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (program !== undefined) {
        program.input(data);
      } else if (!isBinary && data.toString() === session.password) {
        start();
      } else {
        socket.close(1008);
      }
    });
    // The specification wants attach's password in this header; no public client opens it.
    if (session.kind === 'attach' && authorization === session.password) {
      start();
    }
  }

  private start(
    socket: WebSocket,
    session: PendingSession,
    fault: SocketEffect | undefined,
  ): Program | undefined {
    const group = this.groups.find(session.groupId);
    if (group === undefined || fault?.kind === 'close') {
      socket.close(fault?.kind === 'close' ? fault.code : 1000);
      return undefined;
    }
    if (fault?.kind === 'garbage') {
      // Below the websocket there is no public way to write.
      (socket as unknown as { _socket: { write(data: Buffer): void } })._socket.write(
        Buffer.from([0xff, 0xff, 0xff]),
      );
    }
    const output = new Output(socket, this.random, fault);
    if (session.kind === 'attach') {
      const container = group.containers.find(({ spec }) => spec.name === session.container);
      output.write(
        Buffer.from((container && containerLog(container, { tail: undefined, timestamps: false })) ?? ''),
      );
      return {
        input: () => undefined,
        pause: () => undefined,
        resume: () => undefined,
        kill: () => undefined,
      };
    }
    const program = startProgram(group, session.container, session.request, {
      onOutput: (data) => {
        output.write(data);
        if (socket.bufferedAmount > highWater) {
          program.pause();
        }
      },
      onExit: () => socket.close(1000),
    });
    output.onDrained = () => program.resume();
    return program;
  }
}

/** Terminal output as BINARY frames, cut at any byte. */
class Output {
  onDrained: () => void = () => undefined;
  private sent = 0;
  private readonly socket: WebSocket;
  private readonly random: Random;
  private readonly fault: SocketEffect | undefined;

  constructor(socket: WebSocket, random: Random, fault: SocketEffect | undefined) {
    this.socket = socket;
    this.random = random;
    this.fault = fault;
  }

  write(data: Buffer): void {
    let rest = data;
    while (rest.length > 0) {
      if (this.faulted()) {
        return;
      }
      const length = rest.length < 2 ? 1 : 1 + this.random.below(rest.length);
      this.sent += length;
      this.socket.send(rest.subarray(0, length), { binary: true }, () => {
        if (this.socket.bufferedAmount < highWater / 2) {
          this.onDrained();
        }
      });
      rest = rest.subarray(length);
    }
  }

  private faulted(): boolean {
    if (this.fault?.kind === 'drop' && this.sent >= this.fault.afterBytes) {
      this.socket.terminate();
      return true;
    }
    if (this.fault?.kind === 'stall' && this.sent >= this.fault.afterBytes) {
      this.socket.pause();
      return true;
    }
    return false;
  }
}
