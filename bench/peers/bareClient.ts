import { Agent, request } from 'node:https';
import { StringDecoder } from 'node:string_decoder';
import { WebSocket } from 'ws';
import type { ExecEndpoint, TerminalSize } from '../../src/azure/resourceManager/containerOperations.ts';
import { FloodClock, type Flood } from '../flood.ts';
import { residentGrowth } from '../memory.ts';

/** Which container of which Azure; the token is at hand. */
export interface BareTarget {
  readonly endpoint: string;
  readonly token: string;
  readonly groupId: string;
  readonly container: string;
}

const apiVersion = 'api-version=2025-09-01';

/**
 * The floor: what any client of an exec session has to do, and nothing else. The same GET, POST and socket as ours,
 * with Node's `https` and `ws`, on a connection that stays open.
 */
export class BareClient {
  private readonly target: BareTarget;
  private readonly agent = new Agent({ keepAlive: true });

  constructor(target: BareTarget) {
    this.target = target;
  }

  /** The time from the GET to the shell's first prompt, in milliseconds. */
  async firstPrompt(command: string): Promise<number> {
    const startedAt = performance.now();
    await this.get(`${this.target.groupId}?${apiVersion}`);
    await this.promptOf(command);
    return performance.now() - startedAt;
  }

  /** The same from the POST, without a GET. */
  async firstPromptWithoutGet(command: string): Promise<number> {
    const startedAt = performance.now();
    await this.promptOf(command);
    return performance.now() - startedAt;
  }

  /** The time from each of `count` keys to its echo, in milliseconds. */
  async echoes(count: number): Promise<readonly number[]> {
    const socket = await this.exec('/bin/sh');
    await seen(socket, promptAtEnd);
    const times: number[] = [];
    for (let key = 0; key < count; key++) {
      const startedAt = performance.now();
      socket.send(Buffer.from('x'), { binary: true });
      await seen(socket, /x/);
      times.push(performance.now() - startedAt);
      await pauseAfterKey();
    }
    socket.terminate();
    return times;
  }

  /** The time from each of `count` lines to its answer, in milliseconds, with a raw and silent terminal. */
  async answers(line: string, count: number): Promise<readonly number[]> {
    const socket = await this.exec('/bin/sh -c stty${IFS}raw${IFS}-echo;echo${IFS}READY;cat|sh');
    await seen(socket, /READY\n$/);
    const times: number[] = [];
    for (let number = 0; number < count; number++) {
      const startedAt = performance.now();
      socket.send(Buffer.from(`${line};echo "@"${number}@\n`), { binary: true });
      await seen(socket, new RegExp(`@${number}@\n$`));
      times.push(performance.now() - startedAt);
    }
    socket.terminate();
    return times;
  }

  /** Takes in what `cat` sends of a file through a raw terminal: from the first byte to the last, in milliseconds. */
  async cat(file: string, size: number): Promise<number> {
    const clock = new FloodClock();
    const socket = await this.exec(`/bin/sh -c stty\${IFS}raw;exec\${IFS}cat\${IFS}${file}`);
    let bytes = 0;
    socket.on('message', (data: Buffer) => {
      if (data.length > 0) {
        clock.start();
        bytes += data.length;
        if (bytes >= size) {
          clock.stop();
        }
      }
    });
    await new Promise((resolve) => socket.on('close', resolve));
    return clock.tookMs;
  }

  /** Takes in a firehose; decodes it to strings, or only counts bytes. */
  async firehose(size: number, decodes: boolean): Promise<Flood> {
    const clock = new FloodClock();
    const decoder = new StringDecoder('utf8');
    let bytes = 0;
    let units = 0;
    const growth = await residentGrowth(async () => {
      const socket = await this.exec(`firehose ${size}`);
      socket.on('message', (data: Buffer) => {
        if (data.length > 0) {
          clock.start();
          bytes += data.length;
          units += decodes ? decoder.write(data).length : 0;
          if (bytes >= size) {
            clock.stop();
          }
        }
      });
      await new Promise((resolve) => socket.on('close', resolve));
    });
    return { bytes, units, tookMs: clock.tookMs, cpuMs: clock.cpuMs, residentGrowth: growth };
  }

  /** All of a resource, page after page: the answers' `value` or `data` lists, and how many requests it took. */
  async pages(
    path: string,
    query?: object,
  ): Promise<{ readonly items: readonly unknown[]; readonly requests: number }> {
    const items: unknown[] = [];
    let requests = 0;
    let next: string | undefined = path;
    let skipToken: string | undefined;
    do {
      const body =
        query === undefined
          ? undefined
          : {
              ...query,
              options: {
                $top: 1000,
                resultFormat: 'objectArray',
                ...(skipToken && { $skipToken: skipToken }),
              },
            };
      const answer: Page = (await this.call(body === undefined ? 'GET' : 'POST', next, body)) as Page; // as Azure says
      requests++;
      items.push(...(answer.value ?? answer.data ?? []));
      skipToken = answer.$skipToken;
      const link: string | undefined = answer.nextLink;
      next =
        link !== undefined
          ? link.slice(this.target.endpoint.length)
          : skipToken !== undefined
            ? path
            : undefined;
    } while (next !== undefined);
    return { items, requests };
  }

  /** *Execute Command*. */
  async request(command: string, size: TerminalSize): Promise<ExecEndpoint> {
    const { groupId, container } = this.target;
    const path = `${groupId}/containers/${container}/exec?${apiVersion}`;
    const body = { command, terminalSize: { rows: size.rows, cols: size.columns } };
    return (await this.call('POST', path, body)) as ExecEndpoint; // as Azure says
  }

  close(): void {
    this.agent.destroy();
  }

  private async promptOf(command: string): Promise<void> {
    const socket = await this.exec(command);
    await seen(socket, promptAtEnd);
    socket.terminate();
  }

  /** A socket that is open and has had its password. */
  async exec(command: string): Promise<WebSocket> {
    const { webSocketUri, password } = await this.request(command.replaceAll(' ', '+'), {
      rows: 24,
      columns: 80,
    });
    const socket = new WebSocket(webSocketUri, { perMessageDeflate: false, skipUTF8Validation: true });
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    socket.send(password, { binary: false });
    return socket;
  }

  private get(path: string): Promise<unknown> {
    return this.call('GET', path);
  }

  private call(method: string, path: string, body?: object): Promise<unknown> {
    const text = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.target.endpoint}${path}`,
        {
          method,
          agent: this.agent,
          headers: {
            authorization: `Bearer ${this.target.token}`,
            connection: 'keep-alive', // VS Code's own agent would close it
            ...(text === ''
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString();
            if (response.statusCode === 200) {
              resolve(JSON.parse(answer));
            } else {
              reject(new Error(`${method} ${path} was answered ${response.statusCode ?? 0}: ${answer}`));
            }
          });
        },
      );
      sent.on('error', reject);
      sent.end(text);
    });
  }
}

/** A part of a list as Resource Manager, or Resource Graph, answers it. */
interface Page {
  readonly value?: readonly unknown[];
  readonly nextLink?: string;
  readonly data?: readonly unknown[];
  readonly $skipToken?: string;
}

/** The prompt of a shell, at the end of what it has written. */
export const promptAtEnd = /[#$] $/;

/** Between two keys, in milliseconds: a fast typist's tenth. */
const keyPauseMs = 5;

export function pauseAfterKey(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, keyPauseMs));
}

/** Waits until what comes from now on matches. */
function seen(socket: WebSocket, pattern: RegExp): Promise<void> {
  let text = '';
  return new Promise((resolve, reject) => {
    const read = (data: Buffer) => {
      text += data.toString();
      if (pattern.test(text)) {
        socket.off('message', read).off('close', fail);
        resolve();
      }
    };
    const fail = () => reject(new Error(`the session ended before ${String(pattern)}: ${text}`));
    socket.on('message', read).on('close', fail);
  });
}
