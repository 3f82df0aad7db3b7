import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { AzureError } from '../../../src/azure/errors.ts';
import {
  OutputDamaged,
  RemoteShellLost,
  RemoteShellUnavailable,
} from '../../../src/exec/remoteShell/errors.ts';
import type { RemoteEngine } from '../../../src/exec/remoteShell/remoteEngine.ts';
import { RemoteFiles } from '../../../src/files/remoteFiles.ts';
import { Retries, retried } from '../../../src/files/retries.ts';

const never = new AbortController().signal;

describe('another try', () => {
  let now: number;
  beforeEach(() => {
    now = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
  });
  afterEach(() => mock.timers.reset());

  /** Work that takes so long and fails; resolves to how long all tries took, in milliseconds. */
  const failing = async (error: Error, takesMs: number): Promise<number> => {
    const work = () => {
      now += takesMs;
      return Promise.reject(error);
    };
    const seen = { isOver: false };
    const ended = assert
      .rejects(retried(never, work, new Retries(undefined, () => now)), error)
      .finally(() => (seen.isOver = true));
    while (!seen.isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(500);
      now += 500;
    }
    await ended;
    return now;
  };

  it('a container that stays silent is given up after two minutes, whatever each try takes', async () => {
    for (const error of [new RemoteShellLost('silent'), new RemoteShellUnavailable('noAnswer')]) {
      now = 0;
      const tookMs = await failing(error, 20_000);
      assert.ok(tookMs < 120_000, `${tookMs} ms`);
    }
  });

  it('a network that is away for most of a minute is waited for', async () => {
    const tookMs = await failing(new RemoteShellLost('ended'), 0);
    assert.ok(tookMs > 55_000, `${tookMs} ms`);
  });

  it('Azure is left alone for as long as it asks, where that is not too long', async () => {
    const tries: number[] = [];
    const throttled = (retryAfterSeconds: number) => new AzureError({ kind: 'throttled', retryAfterSeconds });
    const work = () => {
      tries.push(now);
      return tries.length < 3 ? Promise.reject(throttled(20)) : Promise.resolve('whole');
    };
    const result = retried(never, work, new Retries(undefined, () => now));
    while (tries.length < 3) {
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(500);
      now += 500;
    }
    assert.equal(await result, 'whole');
    const [first = 0, second = 0, third = 0] = tries;
    assert.ok(second - first >= 20_000 && third - second >= 20_000, tries.join());
    now = 0;
    const error = throttled(3_600);
    await assert.rejects(
      retried(never, () => Promise.reject(error), new Retries(undefined, () => now)),
      error,
    );
  });

  it('nothing else is tried again', async () => {
    const error = new RemoteShellUnavailable('noShell');
    let tries = 0;
    const work = () => Promise.reject((tries++, error));
    await assert.rejects(retried(never, work), error);
    assert.equal(tries, 1);
    const damaged = () => (tries++ < 5 ? Promise.reject(new OutputDamaged()) : Promise.resolve('whole'));
    assert.equal(await retried(never, damaged), 'whole');
  });
});

it('a small question has half a minute, and so has the silence of a listing', async () => {
  const limits: (number | undefined)[] = [];
  const engine: Partial<RemoteEngine> = {
    tools: () => Promise.resolve(new Set(['stat'] as const)),
    script: (_source, { limitMs }) => {
      limits.push(limitMs);
      return Promise.resolve({ exitCode: 0, text: Buffer.from('.//81a4 1 1767225600 2026-01-01') });
    },
    read: (_source, { silenceMs }) => {
      limits.push(silenceMs);
      return Promise.resolve({ exitCode: 0, errors: '', isChecked: true });
    },
  };
  const files = new RemoteFiles(engine as RemoteEngine); // all that is used of it
  await files.stat('/data', never);
  await files.list('/data', never);
  await files.makeFolder('/data/new', never);
  assert.deepEqual(limits, [30_000, 30_000, 30_000]);
});
