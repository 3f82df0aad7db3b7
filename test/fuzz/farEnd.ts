import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { checksumOf, checksumTools, type ChecksumTool } from '../../src/exec/remoteShell/checksum.ts';
import { RemoteEngine } from '../../src/exec/remoteShell/remoteEngine.ts';
import { RemoteShell } from '../../src/exec/remoteShell/remoteShell.ts';
import type { Random } from '../emulator/random.ts';
import { damaged, hostileTexts, pick, randomBytes } from './mutations.ts';
import type { HostileServer } from './server.ts';
import { nonsense, refusals } from './sessions.ts';

/**
 * What may be wrong: nothing, or the way, which loses and changes bytes and breaks off, or the far end itself, whose
 * answers check and say anything.
 */
export type Fault = 'none' | 'way' | 'end';

/** What a script printed and its exit code. */
interface Done {
  readonly text: string | Buffer;
  readonly code: number;
}

/** What a script that runs at the far end can do. */
export interface Io {
  /** Writes to the terminal. */
  readonly raw: (data: Buffer | string) => void;
  /** Writes to another shell's terminal. */
  readonly rawTo: (terminal: string, data: Buffer) => void;
  /** Says that input is waited for. */
  readonly askForInput: () => void;
  readonly take: (length: number) => Promise<Buffer>;
  readonly line: () => Promise<string>;
}

/** Runs a script. */
export type Run = (source: string, io: Io) => Promise<Done>;

/** A container without a shell: it takes requests as the agent does, see `agent.ts`, and runs them as it is told. */
export class FarEnd {
  readonly fault: Fault;
  readonly tool: ChecksumTool | undefined;
  private readonly random: Random;
  private readonly host: string;
  private readonly run: Run;
  private readonly sockets = new WebSocketServer({ noServer: true });
  private readonly agents = new Map<string, Agent>();
  private terminals = 0;

  constructor(random: Random, server: HostileServer, run: Run) {
    this.random = random;
    this.host = server.host;
    this.run = run;
    this.fault = pick(random, ['none', 'way', 'way', 'end']);
    this.tool = pick(random, [undefined, ...checksumTools, 'cksum', 'cksum']);
    server.behaviour = {
      request: (_request, _body, response) => response.destroy(),
      upgrade: (request, socket, head) => {
        if (this.isTrouble(20)) {
          socket.end(pick(random, refusals));
          return;
        }
        this.sockets.handleUpgrade(request, socket, head, (opened) => {
          opened.on('error', () => opened.terminate());
          if (this.isTrouble(40)) {
            socket.write(pick(random, nonsense));
          }
          this.serve(opened, request.url?.split('/').at(-1) ?? '');
        });
      },
    };
  }

  /** Whether something goes wrong this time, once in so many. */
  isTrouble(times: number): boolean {
    return this.fault !== 'none' && this.random.below(times) === 0;
  }

  /** What is printed, or where the far end lies, anything. */
  said(text: string): string {
    return this.fault !== 'end' || this.random.below(3) > 0
      ? text
      : pick(this.random, [
          pick(this.random, hostileTexts),
          damaged(this.random, Buffer.from(text)).toString('latin1'),
          randomBytes(this.random, this.random.below(400)).toString('latin1'),
          '99999999999999999999 '.repeat(this.random.below(2_000)),
          `${text}\n${text}`,
          '',
        ]);
  }

  /** The checksum as the image's tool prints it. */
  sumOf(data: Buffer): string {
    if (this.tool === undefined) {
      return '-';
    }
    const sum = checksumOf(this.tool);
    sum.update(data);
    return `${sum.digest()} ${data.length}`;
  }

  engine(): RemoteEngine {
    return new RemoteEngine((signal) =>
      RemoteShell.open({
        connectTimeoutMs: 5_000,
        keepAliveMs: 0,
        signal,
        request: (command) => {
          const [, token = ''] = /001([0-9a-f]{16})/.exec(command) ?? [];
          return Promise.resolve({ webSocketUri: `wss://${this.host}/exec/${token}`, password: 'p' });
        },
      }),
    );
  }

  close(): void {
    this.sockets.clients.forEach((client) => client.terminate());
    this.sockets.close();
  }

  private serve(socket: WebSocket, token: string): void {
    const { random } = this;
    const terminal = `/dev/pts/${++this.terminals}`;
    const agent = new Agent(token, {
      send: (data) => this.send(socket, data),
      run: (source, io) => this.run(source, io),
      rawTo: (other, data) => this.agents.get(other)?.raw(data),
      hello: `${terminal}:${this.tool ?? ''}`,
      howToStart: this.isTrouble(6) ? pick(random, ['close', 'noShell', 'noStty', 'silent']) : 'start',
    });
    this.agents.set(terminal, agent);
    let isFirst = true;
    socket.on('message', (data: Buffer) => {
      if (isFirst) {
        isFirst = false; // the password
        agent.start().catch(() => socket.close());
      } else {
        agent.take(this.fault === 'way' && random.below(25) === 0 ? damaged(random, data) : data);
      }
    });
    socket.on('close', () => agent.end());
  }

  private send(socket: WebSocket, whole: Buffer): void {
    const { random } = this;
    let data = whole;
    if (this.fault === 'way' && random.below(12) === 0) {
      data = damaged(random, data);
      if (random.below(6) === 0) {
        socket.terminate();
        return;
      }
    }
    if (this.isTrouble(60)) {
      void this.flood(socket);
    }
    for (let at = 0; at < data.length;) {
      const part = data.subarray(at, (at += 1 + random.below(random.below(4) === 0 ? 40 : 40_000)));
      socket.send(part, { binary: random.below(6) !== 0 });
    }
  }

  /** Output without an end, as far as anybody reads it. */
  private async flood(socket: WebSocket): Promise<void> {
    const chunk = randomBytes(this.random, 8_192);
    for (let sent = 0; sent < 400 && socket.readyState === socket.OPEN; sent++) {
      await new Promise<void>((resolve) => socket.send(chunk, () => resolve()));
      await delay(0);
    }
  }
}

interface AgentOptions {
  readonly send: (data: Buffer) => void;
  readonly run: Run;
  readonly rawTo: (terminal: string, data: Buffer) => void;
  /** What it answers unasked. */
  readonly hello: string;
  readonly howToStart: 'start' | 'close' | 'noShell' | 'noStty' | 'silent';
}

/** Reads requests from one session and answers them, each once. */
class Agent {
  private token: string;
  private readonly options: AgentOptions;
  private input = Buffer.alloc(0);
  private heard = Promise.withResolvers<undefined>();
  private isEnded = false;

  constructor(token: string, options: AgentOptions) {
    this.token = token;
    this.options = options;
  }

  take(data: Buffer): void {
    this.input = Buffer.concat([this.input, data]);
    this.heard.resolve(undefined);
    this.heard = Promise.withResolvers();
  }

  end(): void {
    this.isEnded = true;
    this.heard.resolve(undefined);
  }

  raw(data: Buffer | string): void {
    this.options.send(Buffer.from(data));
  }

  /** @throws {Error} when the session ends. */
  async start(): Promise<void> {
    switch (this.options.howToStart) {
      case 'close':
        throw new Error('closed');
      case 'noShell':
        this.raw(
          'exec failed: unable to start container process: exec: "/bin/sh": no such file or directory',
        );
        throw new Error('no shell');
      case 'silent':
        return;
      case 'noStty':
        this.say('-');
        return;
      case 'start':
    }
    if (this.token === '') {
      while (this.token === '') {
        [, this.token = ''] = /\\001([0-9a-f]{16})/.exec(await this.line()) ?? [];
      }
      this.say(':');
      await this.line();
      await this.line();
    }
    await this.answerAll();
  }

  private async answerAll(): Promise<void> {
    let last = 0;
    let done: Done = { text: this.options.hello, code: 0 };
    this.answer(last, done);
    for (let first = ''; ;) {
      const line = await this.line();
      if (line.startsWith('1')) {
        first = line;
        continue;
      }
      const source = line.slice(line.indexOf(':') + 1);
      if (`2${first.slice(1)}` !== line || first.slice(0, first.indexOf(':')) !== `1${source.length}`) {
        this.say('?');
        continue;
      }
      const number = Number(source.slice(0, source.indexOf(':')));
      if (number !== last) {
        last = number;
        done = await this.options.run(source.slice(source.indexOf(':') + 1), {
          raw: (data) => this.raw(data),
          rawTo: this.options.rawTo,
          askForInput: () => this.say(':'),
          take: (length) => this.bytes(length),
          line: () => this.line(),
        });
      }
      this.answer(last, done);
    }
  }

  private answer(number: number, { text, code }: Done): void {
    const head = `${number}:${code}:`;
    const body = Buffer.from(typeof text === 'string' ? text.replace(/\n$/, '') : text);
    const mark = (kind: string) => Buffer.from(`\x01${this.token}${kind}`);
    this.raw(
      Buffer.concat([mark('='), Buffer.from(head), body, mark('/'), body, mark('.'), Buffer.from(head)]),
    );
  }

  private say(kind: string): void {
    this.raw(`\x01${this.token}${kind}`);
  }

  private async line(): Promise<string> {
    let end = this.input.indexOf('\n');
    for (; end < 0; end = this.input.indexOf('\n')) {
      await this.more();
    }
    return (await this.bytes(end + 1)).toString('latin1', 0, end);
  }

  private async bytes(length: number): Promise<Buffer> {
    while (this.input.length < length) {
      await this.more();
    }
    const taken = this.input.subarray(0, length);
    this.input = this.input.subarray(length);
    return taken;
  }

  private async more(): Promise<void> {
    await this.heard.promise;
    if (this.isEnded) {
      throw new Error('the session has ended');
    }
  }
}
