import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { RemoteShellLost } from '../../../../src/exec/remoteShell/errors.ts';
import { FrameSizes } from '../../../../src/exec/remoteShell/frameSizes.ts';
import { readOutput } from '../../../../src/exec/remoteShell/readOutput.ts';
import { RemoteShell } from '../../../../src/exec/remoteShell/remoteShell.ts';
import { writeInput } from '../../../../src/exec/remoteShell/writeInput.ts';
import { ExecSession } from '../../../../src/exec/session.ts';

const never = new AbortController().signal;
const minuteMs = 60_000;

/** What of a session the far end here uses. */
interface Inside {
  readonly data: { fire(data: Buffer): void };
  enter(state: 'open'): void;
}

/** All that waits for nothing but this process. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const isSilent = (error: unknown) => error instanceof RemoteShellLost && error.reason === 'silent';

/** Lets time pass in steps, as timers that are set meanwhile go off too. */
async function pass(ms: number): Promise<void> {
  for (let done = 0; done < ms; done += 500) {
    mock.timers.tick(500);
    await settled();
  }
}

describe('a container that goes silent', () => {
  let shell: RemoteShell;
  let say: (text: string) => void;
  let mark: string;

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(ExecSession.prototype, 'write', () => undefined);
    mock.method(ExecSession.prototype, 'send', () => Promise.resolve());
    mock.method(ExecSession.prototype, 'run', async function (this: Inside, request: () => Promise<unknown>) {
      await request();
      say = (text) => this.data.fire(Buffer.from(text));
      this.enter('open');
      await settled();
      say(`${mark}=0:0:/dev/pts/1:cksum${mark}//dev/pts/1:cksum${mark}.0:0:`);
      await new Promise(() => undefined);
    });
    shell = await RemoteShell.open({
      connectTimeoutMs: 1_000,
      keepAliveMs: 0,
      signal: never,
      request: (command) => {
        mark = `\x01${/001([0-9a-f]{16})/.exec(command)?.[1] ?? ''}`;
        return Promise.resolve({ webSocketUri: '', password: '' });
      },
    });
  });
  afterEach(() => {
    shell.dispose();
    mock.timers.reset();
    mock.restoreAll();
  });

  const follow = (work: Promise<unknown>) => {
    let seen: unknown;
    work.catch((error: unknown) => (seen = error));
    return () => seen;
  };

  it('while a file is read: it is given up a minute after it was heard last', async () => {
    const seen = follow(readOutput(shell, 'cat /file', { onData: () => undefined }, never));
    await pass(minuteMs - 1_000);
    say('content');
    await pass(minuteMs - 1_000);
    assert.equal(seen(), undefined);
    await pass(1_000);
    assert.ok(isSilent(seen()), String(seen()));
  });

  it('what is held back here is no silence', async () => {
    const onStart = () => shell.pause();
    const seen = follow(readOutput(shell, 'cat /file', { onData: () => undefined, onStart }, never));
    await pass(10 * minuteMs);
    assert.equal(seen(), undefined);
    shell.resume();
    await pass(minuteMs);
    assert.ok(seen() instanceof RemoteShellLost, String(seen()));
  });

  it('where sending again ends the shell, nothing goes on', async () => {
    const seen = follow(readOutput(shell, 'cat /file', { onData: () => undefined }, never));
    mock.method(ExecSession.prototype, 'write', () => shell.dispose());
    await pass(2_000);
    assert.ok(seen() instanceof Error, String(seen()));
    const timers = mock.method(globalThis, 'setTimeout');
    await pass(10 * minuteMs);
    assert.equal(timers.mock.callCount(), 0);
  });

  it('while a file is written: the same', async () => {
    const input = { length: 3, read: () => [Buffer.from('abc')] };
    const seen = follow(writeInput(shell, 'cat >/file', input, new FrameSizes(), never));
    say(`${mark}:`);
    await pass(minuteMs - 500);
    assert.equal(seen(), undefined);
    await pass(1_000);
    assert.ok(isSilent(seen()), String(seen()));
  });
});
