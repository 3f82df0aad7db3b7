import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { AzureError } from '../../../src/azure/errors.ts';
import { isCancellation } from '../../../src/base/cancellation.ts';
import { AttachSignal } from '../../../src/logs/attachSignal.ts';
import { followLog, type LogEvent } from '../../../src/logs/followLog.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { clientOf, trust } from './operations.ts';

const group =
  '/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop-web';
const shop = { groupId: group, container: 'shop-web' };
const { signal } = new AbortController();

let emulator: Emulator;
before(async () => {
  emulator = await startEmulator();
  trust(emulator);
});
after(() => emulator.close());
beforeEach(() => {
  emulator.reset();
  emulator.setTimings({ logLineMs: 0 });
});

const list = (tail?: number, timestamps = false) =>
  clientOf(emulator).containers.listLogs(
    { ...shop, timestamps, ...(tail === undefined ? {} : { tail }) },
    signal,
  );

describe('List Logs', () => {
  it('gives the last lines, with their times where asked', async () => {
    emulator.writeLog(group, ['one', 'two', 'three']);
    assert.equal(await list(2), 'two\nthree\n');
    assert.match(await list(1, true), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three\n$/);
  });

  for (const content of [null, undefined, '']) {
    it(`takes ${content === '' ? 'empty' : content} content for an empty log`, async () => {
      emulator.addFault({ operation: 'logs', kind: 'fields', fields: { content } });
      assert.equal(await list(), '');
    });
  }

  it('refuses content that is no text', async () => {
    emulator.addFault({ operation: 'logs', kind: 'body', body: '{"content":{"a":1}}' });
    await assert.rejects(list(), (error) => error instanceof AzureError && error.problem.kind === 'notAzure');
  });

  it('tells a log that is not there yet from a container that is not there', async () => {
    const status = { kind: 'status', status: 404, message: 'Not now.' } as const;
    emulator.addFault({ operation: 'logs', ...status, code: 'ContainerLogNotAvailable' });
    await assert.rejects(list(), new AzureError({ kind: 'logNotAvailable', detail: 'Not now.' }));
    emulator.addFault({ operation: 'logs', ...status, code: 'ContainerNotFound' });
    await assert.rejects(list(), new AzureError({ kind: 'notFound', detail: 'Not now.' }));
  });

  it('reads 4 MB of which JSON writes each character as six, and no more', async () => {
    const line = '\x1b'.repeat(1_000);
    emulator.writeLog(
      group,
      Array.from({ length: 4_500 }, () => line),
    );
    assert.ok((await list()).length > 4_000_000);
    emulator.addFault({
      operation: 'logs',
      kind: 'fields',
      fields: { content: 'x'.repeat(27 * 1024 * 1024) },
    });
    await assert.rejects(list(), (error) => error instanceof AzureError && error.problem.kind === 'notAzure');
  });

  it('keeps 16 KB or 1,000 lines of an ended container', async () => {
    emulator.writeLog(
      group,
      Array.from({ length: 2_000 }, (_, index) => `${index}`),
    );
    emulator.changeGroup(group, { state: 'Terminated' });
    const lines = (await list()).trimEnd().split('\n');
    assert.equal(lines.length, 1_000);
    assert.equal(lines.at(-1), '1999');
  });
});

describe('a log that is followed while it is attached to', () => {
  /** Follows until a line says `last`; tells all lines, and why the log fell back to polling. */
  async function follow(during: (seen: readonly string[]) => void, fellBack: () => void = () => undefined) {
    const ended = new AbortController();
    const client = clientOf(emulator);
    const fallBacks: unknown[] = [];
    const attached = new AttachSignal({
      attach: (abort) => client.containers.attach(shop, abort),
      onFallBack: (error) => {
        fallBacks.push(error);
        fellBack();
      },
      signal: ended.signal,
    });
    const source = {
      read: (tail: number, abort: AbortSignal) =>
        client.containers.listLogs({ ...shop, tail, timestamps: true }, abort),
      run: () => Promise.resolve({ id: '1', isRunning: true }),
    };
    const texts: string[] = [];
    const take = (event: LogEvent) => {
      if (event.kind === 'lines') {
        texts.push(...event.lines.map(({ text }) => text));
        during(texts);
      }
      if (texts.includes('last')) {
        ended.abort();
      }
    };
    const wait = (ms: number, abort: AbortSignal) => attached.wait(ms, abort);
    try {
      for await (const event of followLog(source, { firstLines: 10, signal: ended.signal, wait })) {
        take(event);
      }
    } catch (error) {
      assert.ok(isCancellation(error), String(error));
    }
    return { texts, fallBacks };
  }

  it('shows each line once, though the socket repeats all that was written before', async () => {
    const { texts, fallBacks } = await follow((seen) => {
      if (seen.length === 1) {
        emulator.writeLog(group, ['more']);
      } else if (seen.at(-1) === 'more') {
        emulator.writeLog(group, ['last']);
      }
    });
    assert.deepEqual(texts, ['listening on port 80', 'more', 'last']);
    assert.deepEqual(fallBacks, []);
    assert.equal(emulator.requests.filter(({ operation }) => operation === 'attach').length, 1);
  });

  it('falls back to polling where the socket is refused', async () => {
    emulator.addFault({ operation: 'socket', kind: 'refuse', status: 403 });
    const { texts, fallBacks } = await follow(
      () => undefined,
      () => emulator.writeLog(group, ['last']),
    );
    assert.deepEqual(texts, ['listening on port 80', 'last']);
    assert.equal(fallBacks.length, 1);
  });
});
