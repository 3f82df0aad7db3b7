import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it, mock } from 'node:test';
import { RemoteShellLost } from '../../../src/exec/remoteShell/errors.ts';
import type { RemoteEngine } from '../../../src/exec/remoteShell/remoteEngine.ts';
import { download } from '../../../src/files/download.ts';
import { FileError } from '../../../src/files/errors.ts';
import { RemoteFiles } from '../../../src/files/remoteFiles.ts';

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
