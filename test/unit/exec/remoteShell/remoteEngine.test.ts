import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { RemoteShellLost } from '../../../../src/exec/remoteShell/errors.ts';
import { RemoteEngine } from '../../../../src/exec/remoteShell/remoteEngine.ts';
import type { RemoteShell } from '../../../../src/exec/remoteShell/remoteShell.ts';

const never = new AbortController().signal;
const options = { signal: never, isRepeatable: true };
const minuteMs = 60_000;

/** A remote shell without a session: each answer is `ok`. */
class FakeShell {
  isEnded = false;
  isFree = true;
  asked = 0;
  failure: Error | undefined;
  private readonly listeners: (() => void)[] = [];

  onEnd(listener: () => void): void {
    this.listeners.push(listener);
  }

  ask(): Promise<{ readonly exitCode: number; readonly text: Buffer }> {
    this.asked++;
    return this.failure === undefined
      ? Promise.resolve({ exitCode: 0, text: Buffer.from('ok') })
      : Promise.reject(this.failure);
  }

  dispose(): void {
    this.isEnded = true;
    this.isFree = false;
    this.listeners.splice(0).forEach((listener) => listener());
  }
}

describe('RemoteEngine', () => {
  let shells: FakeShell[];
  let engine: RemoteEngine;
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    shells = [];
    engine = new RemoteEngine(() => {
      const shell = new FakeShell();
      shells.push(shell);
      return Promise.resolve(shell as unknown as RemoteShell); // all that the engine uses of one
    });
  });
  afterEach(() => {
    engine.dispose();
    mock.timers.reset();
  });

  it('opens nothing before there is work, and one shell for work that follows', async () => {
    assert.equal(shells.length, 0);
    await engine.script('true', options);
    await engine.script('true', options);
    assert.equal(shells.length, 1);
  });

  it('what is prepared is used by the command that comes, which waits for it', async () => {
    const prepared = engine.prepare(never);
    assert.equal(engine.prepare(never), prepared);
    const run = engine.run({ line: 'true' }, { onStdout: () => undefined, onStderr: () => undefined }, never);
    await assert.rejects(run); // these shells run no commands
    await prepared;
    assert.equal(shells.length, 2);
    mock.timers.tick(minuteMs);
    assert.ok(shells.every(({ isEnded }) => isEnded));
  });

  it('work side by side has shells of its own', async () => {
    await Promise.all([engine.script('true', options), engine.script('true', options)]);
    assert.equal(shells.length, 2);
  });

  it('ends its shells after a minute without work, and not before', async () => {
    await engine.script('true', options);
    mock.timers.tick(minuteMs - 1);
    await engine.script('true', options);
    mock.timers.tick(minuteMs - 1);
    assert.deepEqual(
      shells.map(({ isEnded }) => isEnded),
      [false],
    );
    mock.timers.tick(1);
    assert.deepEqual(
      shells.map(({ isEnded }) => isEnded),
      [true],
    );
    await engine.script('true', options);
    assert.equal(shells.length, 2);
  });

  it('what may be repeated goes on in another shell, once; anything else fails', async () => {
    const lose = (shell: FakeShell | undefined) => {
      assert.ok(shell);
      shell.failure = new RemoteShellLost('ended');
      shell.isFree = false;
    };
    await engine.script('true', options);
    lose(shells[0]);
    await engine.script('true', options);
    assert.deepEqual(
      shells.map(({ asked }) => asked),
      [2, 1],
    );
    lose(shells[1]);
    await assert.rejects(engine.script('true', { ...options, isRepeatable: false }), RemoteShellLost);
    assert.equal(shells.length, 2);
  });

  it('renewed, it lets work go on, and begins no other in the sessions that there are', async () => {
    const working = Promise.withResolvers<undefined>();
    await engine.script('true', options);
    const work = engine.withShell(never, () => working.promise);
    await engine.script('true', options); // a further shell, which is free now
    engine.renew();
    assert.deepEqual(
      shells.map(({ isEnded }) => isEnded),
      [false, true],
    );
    working.resolve(undefined);
    await work;
    assert.ok(shells.every(({ isEnded }) => isEnded));
    await engine.script('true', options);
    assert.equal(shells.length, 3);
  });

  it('looks for tools once', async () => {
    await engine.tools(never);
    await engine.tools(never);
    assert.equal(shells[0]?.asked, 1);
  });

  it('knows the tools as long as a session lives: the next one may be in another image', async () => {
    const two = () => Promise.all([engine.tools(never), engine.script('true', options)]);
    await two();
    shells[0]?.dispose();
    await engine.tools(never);
    assert.deepEqual(
      shells.map(({ asked }) => asked),
      [1, 1],
    );
    shells[1]?.dispose();
    await engine.tools(never);
    await engine.tools(never);
    assert.deepEqual(
      shells.map(({ asked }) => asked),
      [1, 1, 1],
    );
    mock.timers.tick(minuteMs);
    await engine.tools(never);
    assert.deepEqual(
      shells.map(({ asked }) => asked),
      [1, 1, 1, 1],
    );
  });

  it('does not keep the tools that a session told which ends with its answer', async () => {
    const told = engine.tools(never);
    engine.renew();
    await told;
    await engine.tools(never);
    assert.equal(shells[1]?.asked, 1);
  });
});
