import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ContainerGroups, ContainerRecord, GroupRecord } from './containerGroups.ts';
import type { ExecSessions, PendingSession } from './execSessions.ts';
import type { Fault, Faults, Noise, SocketEffect } from './faults.ts';
import { followLog, processesIn, startProgram, type ContainerProcess, type Program } from './programs.ts';
import { Random } from './random.ts';
import { Sandboxes } from './sandboxes.ts';
import { LongWire, NoisyWire } from './wire.ts';

/** How long the password may take, in milliseconds. */
const passwordWaitMs = 10_000;

/** Output waits above this many unsent bytes and goes on at half of it. */
const highWater = 1024 * 1024;

/** An open websocket and what runs at its far end. */
interface Session {
  readonly groupId: string;
  readonly container: string;
  program: Program | undefined;
}

/** The websockets of exec and attach. */
export class ExecStream {
  private readonly server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  private readonly open = new Map<WebSocket, Session>();
  private readonly ending = new Set<Promise<void>>();
  private readonly sandboxes = new Sandboxes();
  private readonly random = new Random(1);
  private readonly sessions: ExecSessions;
  private readonly groups: ContainerGroups;
  private readonly faults: Faults;
  private readonly latencyMs: () => number;
  private closed = false;

  /** `latencyMs` tells what a message takes each way at the moment, in milliseconds. */
  constructor(sessions: ExecSessions, groups: ContainerGroups, faults: Faults, latencyMs: () => number) {
    this.sessions = sessions;
    this.groups = groups;
    this.faults = faults;
    this.latencyMs = latencyMs;
  }

  /** The processes in a container that has a file system of its own: their ids and command lines. */
  processes(groupId: string, container: string): readonly ContainerProcess[] {
    const root = this.sandboxes.rootOf(groupId, container);
    return root === undefined ? [] : processesIn(root);
  }

  /** The folder of such a container's file system, once it has been used. */
  rootOf(groupId: string, container: string): string | undefined {
    return this.sandboxes.rootOf(groupId, container);
  }

  /** How many sessions are open. */
  get openCount(): number {
    return this.open.size;
  }

  /** Answers a websocket's request; tells the status that it was answered with, 0 for none. */
  async upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): Promise<number> {
    const { pathname } = new URL(request.url ?? '/', 'wss://localhost');
    const session = this.sessions.take(pathname);
    if (session === undefined) {
      return refuse(connection, 404);
    }
    const fault = await this.takeFault(`${session.groupId}/containers/${session.container}/${session.kind}`);
    if (fault?.kind === 'reset' || this.closed) {
      connection.destroy();
      return 0;
    }
    if (fault?.kind === 'refuse') {
      return refuse(connection, fault.status);
    }
    this.server.handleUpgrade(request, connection, head, (socket) => {
      this.accept(socket, session, fault, request.headers.authorization);
    });
    return 101;
  }

  /** The sandbox of a group, or one container of it, is gone: its sessions break off. */
  tearDown(groupId: string, container?: string): void {
    for (const [socket, session] of this.open) {
      if (session.groupId === groupId && (container === undefined || session.container === container)) {
        socket.terminate();
      }
    }
  }

  /** Ends all sessions; resolves when their programs are gone. */
  async close(): Promise<void> {
    this.closed = true;
    for (const [socket, { program }] of this.open) {
      socket.terminate();
      this.end(program);
    }
    this.server.close();
    await Promise.all(this.ending);
    this.sandboxes.close();
  }

  /** The fault that a websocket runs into, once its delays are over. */
  private async takeFault(
    path: string,
    met = new Set<Fault>(),
  ): Promise<SocketEffect | { readonly kind: 'reset' } | undefined> {
    const effect = this.faults.takeSocket(path, met);
    if (effect?.kind !== 'delay') {
      return effect;
    }
    await delay(effect.ms);
    return this.takeFault(path, met);
  }

  private accept(
    socket: WebSocket,
    pending: PendingSession,
    fault: SocketEffect | undefined,
    authorization: string | undefined,
  ): void {
    const session: Session = { groupId: pending.groupId, container: pending.container, program: undefined };
    const noise = this.noise(fault, 'in');
    const toProgram = new LongWire<Buffer>(this.latencyMs, (data) =>
      session.program?.input(noise?.pass(data) ?? data),
    );
    this.open.set(socket, session);
    socket.on('close', () => {
      clearTimeout(timer);
      this.open.delete(socket);
      toProgram.dispose();
      this.end(session.program);
    });
    socket.on('error', () => socket.terminate());
    const timer = setTimeout(() => socket.close(1008), passwordWaitMs);
    const group = this.groups.find(pending.groupId);
    const container = group?.containers.find(({ spec }) => spec.name === pending.container);
    const readable = pending.kind === 'attach' || container?.current.state === 'Running';
    if (group === undefined || container === undefined || !readable) {
      // What the service does for an ended container is not known; its POST has answered 200.
      socket.close(1000);
      return;
    }
    let started = false;
    const start = () => {
      started = true;
      clearTimeout(timer);
      // An empty message comes before anything else (azure-cli#15856).
      socket.send(Buffer.alloc(0));
      try {
        session.program = this.start(socket, pending, group, container, fault);
      } catch {
        socket.close(1011); // this machine starts no further program or terminal
      }
    };
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (started) {
        toProgram.send(data);
      } else if (!isBinary && data.toString() === pending.password) {
        start();
      } else {
        socket.close(1008);
      }
    });
    // The specification wants attach's password in this header; no public client opens it.
    if (pending.kind === 'attach' && authorization === pending.password) {
      start();
    }
  }

  private start(
    socket: WebSocket,
    pending: PendingSession,
    group: GroupRecord,
    container: ContainerRecord,
    fault: SocketEffect | undefined,
  ): Program | undefined {
    if (fault?.kind === 'close') {
      socket.close(fault.code);
      return undefined;
    }
    if (fault?.kind === 'garbage') {
      // Below the websocket there is no public way to write.
      (socket as unknown as { _socket: { write(data: Buffer): void } })._socket.write(
        Buffer.from([0xff, 0xff, 0xff]),
      );
    }
    if (fault?.kind === 'oversized') {
      socket.send(Buffer.alloc(17 * 1024 * 1024, 'x'));
    }
    const output = new Output(socket, this.random, fault, this.noise(fault, 'out'), this.latencyMs);
    const events = {
      onOutput: (data: Buffer) => {
        output.write(data);
        if (output.waiting > highWater) {
          program.pause();
        }
      },
      onExit: () => output.end(),
    };
    const sandbox = this.sandboxes.of(pending.groupId, container.spec);
    const program =
      pending.kind === 'attach'
        ? followLog(container, events)
        : startProgram(group, container, sandbox, pending.request, events);
    output.onDrained = () => program.resume();
    return program;
  }

  /** Each session has noise of its own. */
  private noise(fault: SocketEffect | undefined, direction: Noise['direction']): NoisyWire | undefined {
    return fault?.kind === 'noise' && fault.direction === direction
      ? new NoisyWire(fault, this.random.below(1_000_000))
      : undefined;
  }

  private end(program: Program | undefined): void {
    if (program !== undefined) {
      const ending = program.kill().finally(() => this.ending.delete(ending));
      this.ending.add(ending);
    }
  }
}

function refuse(connection: Duplex, status: number): number {
  connection.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  return status;
}

/** Terminal output as BINARY frames, cut at any byte. */
class Output {
  onDrained: () => void = () => undefined;
  private stalled = false;
  private left = Number.POSITIVE_INFINITY;
  private onTheWay = 0;
  private readonly socket: WebSocket;
  private readonly random: Random;
  private readonly fault: SocketEffect | undefined;
  private readonly noise: NoisyWire | undefined;
  private readonly wire: LongWire<Buffer | 'end'>;

  constructor(
    socket: WebSocket,
    random: Random,
    fault: SocketEffect | undefined,
    noise: NoisyWire | undefined,
    latencyMs: () => number,
  ) {
    this.socket = socket;
    this.random = random;
    this.fault = fault;
    this.noise = noise;
    this.wire = new LongWire(latencyMs, (item) => this.arrived(item));
    socket.on('close', () => this.wire.dispose());
    if (fault?.kind === 'drop' && fault.afterMs !== undefined) {
      const timer = setTimeout(() => socket.terminate(), fault.afterMs);
      socket.on('close', () => clearTimeout(timer));
      this.left = fault.afterBytes ?? this.left;
    } else if (fault?.kind === 'drop' || fault?.kind === 'stall') {
      this.left = fault.afterBytes ?? 0;
    }
    if (this.left <= 0) {
      this.breakOff();
    }
  }

  /** How many bytes have not left yet. */
  get waiting(): number {
    return this.onTheWay + this.socket.bufferedAmount;
  }

  write(data: Buffer): void {
    this.onTheWay += data.length;
    this.wire.send(data);
  }

  /** The program is gone. */
  end(): void {
    this.wire.send('end');
  }

  private arrived(item: Buffer | 'end'): void {
    if (item !== 'end') {
      this.onTheWay -= item.length;
      this.send(this.noise?.pass(item) ?? item);
    } else if (!this.stalled) {
      this.socket.close(1000);
    }
  }

  private send(data: Buffer): void {
    let rest = data;
    while (rest.length > 0 && this.left > 0 && this.socket.readyState === this.socket.OPEN) {
      const length = Math.min(this.cut(rest), this.left);
      this.left -= length;
      this.socket.send(rest.subarray(0, length), { binary: true }, () => {
        if (this.left <= 0) {
          this.breakOff();
        } else if (this.waiting < highWater / 2) {
          this.onDrained();
        }
      });
      rest = rest.subarray(length);
    }
  }

  /** Where the next frame ends: anywhere, and often enough inside a character of several bytes. */
  private cut(data: Buffer): number {
    const inside = data.subarray(0, 64).findIndex((byte) => byte >= 0xc0) + 1;
    const often = data.length < 1024 ? 2 : 8;
    return inside > 0 && this.random.below(often) === 0 ? inside : 1 + this.random.below(data.length);
  }

  private breakOff(): void {
    if (this.fault?.kind === 'stall') {
      this.stalled = true;
      this.socket.pause();
    } else {
      this.socket.terminate();
    }
  }
}
