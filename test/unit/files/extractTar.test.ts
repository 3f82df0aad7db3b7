import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { extractTar } from '../../../src/files/extractTar.ts';
import { withFile } from '../../../src/files/localFiles.ts';
import { paddingOf, tarEnd, tarHeader, type TarEntry } from '../../../src/files/tar.ts';

const never = new AbortController().signal;

describe('what comes in an archive', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'extract-'));
    fs.mkdirSync(path.join(folder, 'root'));
    fs.writeFileSync(path.join(folder, 'outside'), 'as before');
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** All of an archive in bytes: each file's content is its path, whatever size it tells. */
  const archiveOf = (entries: readonly Partial<TarEntry>[]) =>
    Buffer.concat([
      ...entries.flatMap((entry) => {
        const full = {
          type: 'file',
          path: 'x',
          mode: 0o644,
          mtimeMs: 0,
          target: '',
          size: 0,
          ...entry,
        } as const;
        const content = full.type === 'file' ? Buffer.from(full.path) : Buffer.of();
        const size = entry.size ?? content.length;
        return [tarHeader({ ...full, size }), content, Buffer.alloc(paddingOf(content.length))];
      }),
      tarEnd,
    ]);

  const extract = async (archive: Buffer) => {
    const file = path.join(folder, 'archive');
    fs.writeFileSync(file, archive);
    return withFile(file, 'r', (handle) => extractTar(handle, 'name', path.join(folder, 'root'), never));
  };

  const nothingOutside = () => {
    assert.equal(fs.readFileSync(path.join(folder, 'outside'), 'utf8'), 'as before');
    assert.deepEqual(fs.readdirSync(folder).toSorted(), ['archive', 'outside', 'root']);
  };

  const hostile: readonly Partial<TarEntry>[] = [
    { path: 'name/../made' },
    { path: 'name/../../outside' },
    { path: '../outside' },
    { path: '/etc/outside' },
    { path: 'other/file' },
    { path: 'name/a/../../../outside' },
    { type: 'link', path: 'name/up', target: '..' },
    { path: 'name/up/outside' },
    { type: 'link', path: 'name/deep/away', target: '../../outside' },
    { type: 'link', path: 'name/absolute', target: os.tmpdir() },
    { path: 'name/absolute/outside' },
    { type: 'hardLink', path: 'name/hard', target: '/etc/passwd' },
    { type: 'hardLink', path: 'name/hard2', target: 'name/../../outside' },
    { type: 'folder', path: 'name/../../made/' },
    { path: `name/${'x'.repeat(300)}` },
    { path: 'name/good' },
    { path: 'name/good' },
  ];

  it('writes nothing outside of its folder, and says what it left out', async () => {
    const skipped = await extract(archiveOf(hostile));
    nothingOutside();
    assert.equal(fs.readFileSync(path.join(folder, 'root', 'good'), 'utf8'), 'name/good');
    assert.ok(!fs.existsSync(path.join(folder, 'root', 'hard')));
    assert.ok(skipped.count >= 10, String(skipped.count));
  });

  it('any order of them, any damage: nothing outside, and an end', async () => {
    const damaged = fc.asyncProperty(
      fc.shuffledSubarray([...hostile]),
      fc.array(fc.tuple(fc.nat(8_000), fc.nat(255)), { maxLength: 4 }),
      fc.option(fc.constantFrom(0, 3, 2 ** 40, 10_000_000)),
      async (entries, changes, size) => {
        fs.rmSync(path.join(folder, 'root'), { recursive: true });
        fs.mkdirSync(path.join(folder, 'root'));
        const archive = archiveOf(size === null ? entries : entries.map((entry) => ({ ...entry, size })));
        changes.forEach(([at, byte]) => (archive[at % archive.length] = byte));
        await extract(archive).catch((error: unknown) => assert.ok(error instanceof Error));
        nothingOutside();
      },
    );
    await fc.assert(damaged, { numRuns: 150 });
  });
});
