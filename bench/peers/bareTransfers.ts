import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { paddingOf, tarEnd, tarHeader } from '../../src/files/tar.ts';
import type { BareClient } from './bareClient.ts';

/** Largest frame of input, in bytes. */
const frameBytes = 65_536;

/** What files and folders cost a client that does nothing else: no checksums, no second try, nothing kept. */
export class BareTransfers {
  private readonly client: BareClient;

  constructor(client: BareClient) {
    this.client = client;
  }

  /** Sends random bytes into a file through a raw terminal: from the first to the word that all are there, in milliseconds. */
  async send(size: number, file: string): Promise<number> {
    const socket = await this.open(`stty raw -echo;echo READY;head -c ${size} >${file};echo DONE`);
    const startedAt = performance.now();
    await sendAll(socket, randomBytes(size));
    await until(socket, 'DONE');
    return performance.now() - startedAt;
  }

  /** What people do: an archive in base64 out of a terminal as it is. From its first byte to its last, in milliseconds. */
  async tarOut(file: string): Promise<number> {
    const socket = await this.client.exec(command(`tar -cf - ${file}|base64`));
    let startedAt = 0;
    let endedAt = 0;
    socket.on('message', (data: Buffer) => {
      if (data.length > 0) {
        endedAt = performance.now();
        startedAt = startedAt === 0 ? endedAt : startedAt;
      }
    });
    await new Promise((resolve) => socket.on('close', resolve));
    return endedAt - startedAt;
  }

  /** The other way: an archive of random bytes in base64, line by line. */
  async tarIn(size: number): Promise<number> {
    const lines = archiveOf(randomBytes(size)).toString('base64').replace(/.{76}/g, '$&\n');
    const socket = await this.open('stty -echo;echo READY;base64 -d|tar -xf -;echo DONE');
    const startedAt = performance.now();
    await sendAll(socket, Buffer.from(`${lines}\n\x04`));
    await until(socket, 'DONE');
    return performance.now() - startedAt;
  }

  /** A line's output, up to the word that it ends: from the line to that, in milliseconds. */
  async output(line: string, count: number): Promise<readonly number[]> {
    const socket = await this.client.exec(command('stty raw -echo;echo READY;cat|sh'));
    await until(socket, 'READY');
    const times: number[] = [];
    for (let number = 0; number < count; number++) {
      const startedAt = performance.now();
      socket.send(Buffer.from(`${line};echo DO''NE\n`), { binary: true });
      await until(socket, 'DONE');
      times.push(performance.now() - startedAt);
    }
    socket.terminate();
    return times;
  }

  private async open(line: string): Promise<WebSocket> {
    const socket = await this.client.exec(command(line));
    await until(socket, 'READY');
    return socket;
  }
}

/** The service splits a command at spaces. */
function command(line: string): string {
  return `/bin/sh -c ${line.replaceAll(' ', '${IFS}')}`;
}

/** A file `unpacked` in an archive. */
function archiveOf(data: Buffer): Buffer {
  const file = {
    type: 'file',
    path: 'unpacked',
    mode: 0o644,
    mtimeMs: 0,
    size: data.length,
    target: '',
  } as const;
  return Buffer.concat([tarHeader(file), data, Buffer.alloc(paddingOf(data.length)), tarEnd]);
}

async function sendAll(socket: WebSocket, data: Buffer): Promise<void> {
  let before: Promise<unknown> = Promise.resolve();
  for (let at = 0; at < data.length; at += frameBytes) {
    await before;
    const frame = data.subarray(at, at + frameBytes);
    before = new Promise((resolve) => socket.send(frame, { binary: true }, resolve));
  }
}

/** Waits until output ends with a word on a line of its own. */
function until(socket: WebSocket, word: string): Promise<void> {
  let end = '';
  return new Promise((resolve, reject) => {
    const read = (data: Buffer) => {
      end = (end + data.toString('latin1', Math.max(0, data.length - 20))).slice(-20);
      if (end.trimEnd().endsWith(word)) {
        socket.off('message', read).off('close', fail);
        resolve();
      }
    };
    const fail = () => reject(new Error(`the session ended before ${word}: ${end}`));
    socket.on('message', read).on('close', fail);
  });
}
