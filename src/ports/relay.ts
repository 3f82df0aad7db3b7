import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { onAbort } from '../base/cancellation.ts';
import { DisposableStore } from '../base/disposableStore.ts';
import { checksumOf, type Checksum } from '../exec/remoteShell/checksum.ts';
import type { RemoteShell } from '../exec/remoteShell/remoteShell.ts';
import { MarkReader, type RelayMark } from './markReader.ts';
import { noSum, relaySource } from './relaySource.ts';
import { passesEnd, type RelayTools } from './relayTool.ts';
import { Uplink } from './uplink.ts';

/** How a forwarded connection ended. All but `closed` and `unused` reset it. */
export type ConnectionEnd =
  /** Both sides ended it, and what came from either is known to be right where the image has a checksum tool. */
  | 'closed'
  /** The server took no connection, or reset it. */
  | 'refused'
  /** Something was lost or changed on its way. */
  | 'damaged'
  /** The exec session ended. */
  | 'lost'
  /** The same before anything of the client was read: another session can take it. */
  | 'unused'
  /** The client reset it. */
  | 'abandoned'
  /** One side had ended it, and the other one said nothing for long. */
  | 'silent'
  /** The forward was stopped. */
  | 'stopped';

export interface RelayTarget extends RelayTools {
  readonly port: number;
  /** Whether the session has been at rest for long and may be gone: the client is read only once the relay runs. */
  readonly isDoubtful: boolean;
}

export interface RelayTraffic {
  /** Bytes from the client. */
  readonly onUp: (bytes: number) => void;
  /** Bytes from the server. */
  readonly onDown: (bytes: number) => void;
}

/** How long the other side may be silent when one side has ended, in milliseconds. */
const halfOpenMs = 5 * 60_000;

/** The same where the server cannot be told of the client's end, and may wait for more. */
const untoldMs = 10_000;

/** How long a doubtful session has to start the relay, in milliseconds. */
const startMs = 5_000;

/**
 * Joins a client's connection with a port of the container through `shell`, until both are closed. A shell that may still
 * be at work then is disposed of, which ends the work.
 */
export async function relay(
  shell: RemoteShell,
  socket: Socket,
  target: RelayTarget,
  traffic: RelayTraffic,
  signal: AbortSignal,
): Promise<ConnectionEnd> {
  const connection = new Connection(shell, socket, target, traffic);
  const listener = onAbort(signal, () => connection.fail('stopped'));
  try {
    return await connection.run();
  } finally {
    listener.dispose();
  }
}

class Connection {
  private readonly shell: RemoteShell;
  private readonly socket: Socket;
  private readonly target: RelayTarget;
  private readonly traffic: RelayTraffic;
  private readonly token = randomBytes(8).toString('hex');
  private readonly uplink: Uplink;
  private readonly stopping = new AbortController();
  /** Of what comes from the server. */
  private readonly sum: Checksum | undefined;
  private failure: ConnectionEnd | undefined;
  private isOver = false;
  private hasClientEnded = false;
  private hasServerEnded = false;
  /** The block that was on its way when the server ended. */
  private lastBlock: number | undefined;
  /** Whether the client knows of the server's end. */
  private hasPassedEnd = false;
  private halfOpenTimer: NodeJS.Timeout | undefined;
  private readonly listeners = new DisposableStore();
  private isDoubtful: boolean;
  private startTimer: NodeJS.Timeout | undefined;

  constructor(shell: RemoteShell, socket: Socket, target: RelayTarget, traffic: RelayTraffic) {
    this.shell = shell;
    this.socket = socket;
    this.target = target;
    this.traffic = traffic;
    this.isDoubtful = target.isDoubtful;
    this.sum = shell.checksumTool === undefined ? undefined : checksumOf(shell.checksumTool);
    this.uplink = new Uplink({
      token: this.token,
      takesBlocks: target.takesBlocks,
      checksumTool: shell.checksumTool,
      write: (lines) => shell.write(lines),
      onRoom: () => socket.resume(),
      onDamage: () => this.fail('damaged'),
    });
  }

  async run(): Promise<ConnectionEnd> {
    const { shell, target, token } = this;
    const checksumTool = shell.checksumTool;
    const reader = new MarkReader(
      token,
      (data) => this.takeDown(data),
      (mark) => this.takeMark(mark),
    );
    shell.onRaw = (data) => reader.read(data);
    this.listen();
    try {
      await shell.ask(relaySource({ ...target, token, checksumTool }), {
        signal: this.stopping.signal,
        limitMs: Number.POSITIVE_INFINITY,
        takesInput: () => this.uplink.isOpen,
      });
      if (!this.hasPassedEnd) {
        this.fail('damaged'); // the end or a report has not come, though all else has
      }
    } catch {
      this.fail('lost'); // if it has not failed before
    } finally {
      this.isOver = true;
      clearTimeout(this.halfOpenTimer);
      clearTimeout(this.startTimer);
      this.uplink.dispose();
      shell.onRaw = () => undefined;
      shell.resume();
    }
    return this.failure ?? 'closed';
  }

  /** Resets the connection. A server that refused it has ended the work in the container, all else ends with the shell. */
  fail(end: ConnectionEnd): void {
    if (this.failure !== undefined || this.isOver) {
      return;
    }
    clearTimeout(this.halfOpenTimer);
    if (end === 'lost' && this.isDoubtful) {
      this.failure = 'unused';
      this.listeners.dispose();
    } else {
      this.failure = end;
      this.socket.resetAndDestroy();
    }
    if (end === 'refused') {
      this.shell.resume();
      this.uplink.abandon();
      this.halfOpenTimer = setTimeout(() => this.shell.dispose(), untoldMs);
    } else {
      this.shell.dispose();
      this.stopping.abort();
    }
  }

  private listen(): void {
    const { socket, shell } = this;
    const on = (event: string, listener: (data: Buffer) => void) => {
      socket.on(event, listener);
      this.listeners.add({ dispose: () => socket.off(event, listener) });
    };
    on('data', (data: Buffer) => {
      if (this.failure === undefined) {
        this.traffic.onUp(data.length);
        this.heard();
        if (!this.uplink.write(data)) {
          socket.pause();
        }
      }
    });
    on('drain', () => {
      if (!this.isOver) {
        shell.resume();
      }
    });
    on('end', () => {
      this.hasClientEnded = true;
      this.heard();
      if (passesEnd(this.target.tool) || this.hasServerEnded) {
        this.uplink.end();
      }
    });
    on('close', () => {
      if (!this.hasClientEnded || !this.hasServerEnded) {
        this.fail('abandoned');
      }
    });
    if (this.isDoubtful) {
      this.startTimer = setTimeout(() => this.fail('lost'), startMs);
    } else {
      socket.resume();
    }
  }

  /** The session is alive: what the client sends will reach it. */
  private begin(): void {
    if (this.isDoubtful) {
      this.isDoubtful = false;
      clearTimeout(this.startTimer);
      this.socket.resume();
    }
  }

  private takeDown(data: Buffer): void {
    if (this.hasServerEnded || this.failure !== undefined) {
      return; // what is left of a mark that was damaged, or of a server that failed
    }
    this.begin();
    this.sum?.update(data);
    this.traffic.onDown(data.length);
    this.heard();
    if (!this.socket.write(data)) {
      this.shell.pause();
    }
  }

  private takeMark(mark: RelayMark): void {
    switch (mark.kind) {
      case 'started':
        this.begin();
        this.uplink.started();
        break;
      case 'failed':
        this.fail('refused');
        break;
      case 'accepted':
      case 'refused':
        this.uplink.report(mark.next, mark.checksum, mark.kind === 'refused');
        this.passEnd();
        break;
      case 'ended':
        this.serverEnded(mark.checksum);
    }
  }

  private serverEnded(checksum: string): void {
    if (this.hasServerEnded || this.failure !== undefined) {
      return;
    }
    if (checksum !== (this.sum?.digest() ?? noSum)) {
      this.fail('damaged');
      return;
    }
    this.hasServerEnded = true;
    this.lastBlock = this.uplink.block;
    this.passEnd();
    this.heard();
    if (this.hasClientEnded) {
      this.uplink.end();
    }
  }

  /** The client learns of the server's end once the block that it sent is known to have reached the server unchanged. */
  private passEnd(): void {
    if (!this.hasServerEnded || this.hasPassedEnd || this.failure !== undefined) {
      return;
    }
    if (this.lastBlock === undefined || this.uplink.block !== this.lastBlock) {
      this.hasPassedEnd = true;
      this.socket.end();
    }
  }

  /** Where one side has ended, the other one has some time for what it still has to say. */
  private heard(): void {
    if (this.failure !== undefined || this.isOver) {
      return;
    }
    clearTimeout(this.halfOpenTimer);
    if (this.hasClientEnded !== this.hasServerEnded) {
      const isUntold = this.hasClientEnded && !passesEnd(this.target.tool);
      this.halfOpenTimer = setTimeout(() => this.fail('silent'), isUntold ? untoldMs : halfOpenMs);
    }
  }
}
