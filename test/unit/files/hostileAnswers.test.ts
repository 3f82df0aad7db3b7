import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it, mock } from 'node:test';
import { RemoteShellLost } from '../../../src/exec/remoteShell/errors.ts';
import type { RemoteEngine } from '../../../src/exec/remoteShell/remoteEngine.ts';
import { download } from '../../../src/files/download.ts';
import { FileError, type FileProblem } from '../../../src/files/errors.ts';
import { RemoteFiles } from '../../../src/files/remoteFiles.ts';
import fc from '../../support/fc.ts';

const never = new AbortController().signal;

/** Files of a container that answers each script with `text`, and each read with `output`. */
function filesOf(text: string | Promise<never>, output = ''): RemoteFiles {
  const engine: Partial<RemoteEngine> = {
    tools: () => Promise.resolve(new Set(['stat', 'head', 'tail', 'dd', 'tar', 'readlink'] as const)),
    checksumTool: () => Promise.resolve('cksum' as const),
    script: async () => ({ exitCode: 0, text: Buffer.from(await text) }),
    read: (_source, { onData }) => {
      onData(Buffer.from(output));
      return Promise.resolve({ exitCode: 0, errors: '', isChecked: true });
    },
  };
  return new RemoteFiles(engine as RemoteEngine); // all that is used of it
}

const write = (files: RemoteFiles) =>
  files.write('/data/file', Buffer.from('content'), { create: true, overwrite: true }, never);

const stat = './/81a4 1 1767225600 2026-01-01';

describe('a container that answers with nonsense', () => {
  it('is told of in words when a file is to be written', async () => {
    for (const text of [stat, '//', '/data//\0.']) {
      const files = filesOf(text);
      mock.method(files, 'statIfThere', () => Promise.resolve(undefined));
      await assert.rejects(
        write(files),
        (error) => error instanceof FileError && /no answer that makes sense/.test(error.detail),
      );
    }
  });

  it('and one that does not answer at all: writing ends with an error of ours', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const files = filesOf(new Promise<never>(() => undefined));
      mock.method(files, 'statIfThere', () => Promise.resolve(undefined));
      const ended = assert.rejects(write(files), RemoteShellLost);
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(30_000);
      await ended;
    } finally {
      mock.timers.reset();
    }
  });

  it('has no folder that is in itself', async () => {
    const record = (name: string) => `./${name}/41ed 1 1767225600 2026-01-01\n`;
    const entries = await filesOf('', ['', '.', '..', 'a'].map(record).join('')).list('/data', never);
    assert.deepEqual(
      entries.map(({ name }) => name),
      ['a'],
    );
  });

  it('has sizes and times that are some, whatever numbers it tells', async () => {
    const number = fc.oneof(
      fc.constantFrom('-1', '1e400', 'NaN', '9'.repeat(40), '', '0x7', '1.5', ' ', '+1', '٣'),
      fc.bigInt().map(String),
      fc.string({ maxLength: 30 }).filter((text) => !/[/\n]/.test(text)),
    );
    const told = fc.tuple(number, number, number, number).map((numbers) => numbers.join(' '));
    const sane = fc.asyncProperty(told, fc.boolean(), number, async (fields, isPlain, sum) => {
      const [entry] = await filesOf('', `./a/${isPlain ? '=f ' : ''}${fields}\n`).list('/data', never);
      if (entry !== undefined) {
        assert.ok(Number.isFinite(entry.size) && entry.size >= 0, String(entry.size));
        assert.ok(!Number.isNaN(new Date(entry.mtimeMs).getTime()), String(entry.mtimeMs));
      }
      const size = await filesOf(sum).archiveSize('/data', never);
      assert.ok(Number.isSafeInteger(size) && size >= 0, String(size));
    });
    await fc.assert(sane, { numRuns: 500 });
    assert.equal(await filesOf('123456').archiveSize('/data', never), 123_456);
  });

  it('keeps its root, and no folder goes into itself or over one that it is in: it is asked nothing', async () => {
    const files = filesOf('');
    mock.method(files.engine, 'script', () => assert.fail('the container was asked'));
    const rejects = (work: Promise<void>, problem: FileProblem) => assert.rejects(work, { problem });
    await rejects(files.delete('/', true, never), 'isRoot');
    for (const [from, to] of [
      ['/', '/tmp/all'],
      ['/a', '/a/b/c'],
    ] as const) {
      await rejects(files.copy(from, to, false, never), 'intoItself');
      await rejects(files.rename(from, to, false, never), 'intoItself');
    }
    for (const to of ['/', '/a']) {
      await rejects(files.copy('/a/b', to, true, never), 'intoItself');
      await rejects(files.rename('/a/b', to, true, never), 'intoItself');
    }
    await assert.rejects(download(files, '/', os.tmpdir(), { signal: never }), { problem: 'isRoot' });
  });

  it('is told of in words when its archive is none, and leaves nothing behind', async () => {
    const here = await mkdtemp(path.join(os.tmpdir(), 'archive-'));
    try {
      const files = filesOf('.//41ed 1 1767225600 2026-01-01', 'no archive');
      const work = download(files, '/data/folder', path.join(here, 'folder'), { signal: never });
      await assert.rejects(work, FileError);
      assert.deepEqual(await readdir(here), []);
    } finally {
      await rm(here, { recursive: true });
    }
  });
});
