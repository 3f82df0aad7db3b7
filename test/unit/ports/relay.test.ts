import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { describe, it } from 'node:test';
import type { RemoteShell } from '../../../src/exec/remoteShell/remoteShell.ts';
import { checksumOf } from '../../../src/exec/remoteShell/checksum.ts';
import { relay } from '../../../src/ports/relay.ts';

/** A remote shell whose relay says what the test lets it say. */
class FakeShell {
  readonly checksumTool = 'cksum';
  readonly written: string[] = [];
  onRaw: (data: Buffer) => void = () => undefined;
  private readonly work = Promise.withResolvers<undefined>();
  token = '';
  private readonly wrote = new EventTarget();

  ask(source: string): Promise<unknown> {
    this.token = /a([0-9a-f]{16}):\*/.exec(source)?.[1] ?? '';
    return this.work.promise;
  }

  write(lines: string): void {
    this.written.push(lines);
    this.wrote.dispatchEvent(new Event('write'));
  }

  async nextWrite(): Promise<void> {
    await once(this.wrote, 'write');
  }

  say(kind: string, text: string): void {
    this.onRaw(Buffer.from(`\x01${this.token}${kind}${text}/${text};`));
  }

  finish(): void {
    this.work.resolve(undefined);
  }

  pause(): void {}
  resume(): void {}
  dispose(): void {}
}

describe('relay', () => {
  /** A client has sent a block, and the server has ended before the block was reported. */
  async function serverEndsEarly() {
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo; // it listens on TCP
    const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const [socket] = (await once(server, 'connection')) as [net.Socket]; // as Node says
    const shell = new FakeShell();
    const ended = relay(
      shell as unknown as RemoteShell, // it does what a relay needs
      socket,
      { tool: 'nc', takesBlocks: true, port: 80, isDoubtful: false },
      { onUp: () => undefined, onDown: () => undefined },
      new AbortController().signal,
    );
    shell.say('s', '');
    const block = Buffer.alloc(20_000, 'x');
    const written = shell.nextWrite();
    client.write(block);
    await written;
    const sum = checksumOf('cksum');
    sum.update(Buffer.from(shell.written.at(-1)?.split('\n').at(-1) ?? '', 'base64'));
    shell.say('e', checksumOf('cksum').digest());
    return { server, client, shell, ended, checksum: sum.digest() };
  }

  it('resets a client whose block has reached the server changed, also where the server has ended before that is known', async () => {
    const { server, client, shell, ended } = await serverEndsEarly();
    const events: string[] = [];
    client.on('end', () => events.push('end')).resume();
    client.on('error', (error: NodeJS.ErrnoException) => events.push(error.code ?? ''));
    const closed = once(client, 'close').catch(() => undefined);
    shell.say('a', '2:12345');
    shell.finish();
    assert.equal(await ended, 'damaged');
    await closed;
    assert.deepEqual(events, ['ECONNRESET']);
    server.close();
  });

  it('ends a client once its block is known to have arrived', async () => {
    const { server, client, shell, ended, checksum } = await serverEndsEarly();
    const end = once(client, 'end');
    client.resume();
    shell.say('a', `2:${checksum}`);
    await end;
    client.end();
    await shell.nextWrite();
    shell.say('a', '3:');
    shell.finish();
    assert.equal(await ended, 'closed');
    server.close();
  });
});
