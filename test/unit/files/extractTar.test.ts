import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { extractTar } from '../../../src/files/extractTar.ts';
import { withFile } from '../../../src/files/localFiles.ts';
import { paddingOf, tarBlock, TarDamaged, tarEnd, tarHeader, type TarEntry } from '../../../src/files/tar.ts';

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
    return withFile(file, 'r', (handle) => extractTar(handle, path.join(folder, 'root'), never));
  };

  const nothingOutside = () => {
    assert.equal(fs.readFileSync(path.join(folder, 'outside'), 'utf8'), 'as before');
    assert.deepEqual(fs.readdirSync(folder).toSorted(), ['archive', 'outside', 'root']);
    const root = path.join(folder, 'root');
    for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
      const at = path.join(entry.parentPath, entry.name);
      if (entry.isSymbolicLink() && fs.existsSync(at)) {
        const leads = fs.realpathSync(at);
        assert.ok(leads === root || leads.startsWith(`${root}${path.sep}`), `${at} leads to ${leads}`);
      }
    }
  };

  const hostile: readonly Partial<TarEntry>[] = [
    { path: './../made' },
    { path: './../../outside' },
    { path: '../outside' },
    { path: '/etc/outside' },
    { path: './a/../../../outside' },
    { type: 'link', path: './up', target: '..' },
    { path: './up/outside' },
    { type: 'link', path: './deep/away', target: '../../outside' },
    { type: 'link', path: './absolute', target: os.tmpdir() },
    { path: './absolute/outside' },
    { type: 'link', path: './p/q/r/root', target: '../../..' },
    { type: 'link', path: './through', target: 'p/q/r/root/../outside' },
    { type: 'hardLink', path: './hard', target: '/etc/passwd' },
    { type: 'hardLink', path: './hard2', target: './../../outside' },
    { type: 'folder', path: './../../made/' },
    { path: `./${'x'.repeat(300)}` },
    { path: './good' },
    { path: './good' },
  ];

  it('writes nothing outside of its folder, and says what it left out', async () => {
    const skipped = await extract(archiveOf(hostile));
    nothingOutside();
    assert.equal(fs.readFileSync(path.join(folder, 'root', 'good'), 'utf8'), './good');
    assert.ok(!fs.existsSync(path.join(folder, 'root', 'hard')));
    assert.ok(skipped.count >= 10, String(skipped.count));
  });

  it('leaves out a folder in the place of a file, and what is in it', async () => {
    const skipped = await extract(
      archiveOf([
        { path: './a' },
        { type: 'folder', path: './a/' },
        { path: './a/b' },
        { type: 'link', path: './a/c', target: 'b' },
        { path: './good' },
      ]),
    );
    assert.deepEqual(skipped, { count: 3, first: './a/' });
    assert.deepEqual(fs.readdirSync(path.join(folder, 'root')).toSorted(), ['a', 'good']);
  });

  it('takes a time that is none for no time', async () => {
    for (const time of [
      'not a time',
      '\u0080\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff',
    ]) {
      const archive = archiveOf([{ path: './a' }]);
      archive.fill(0, 136, 148);
      archive.write(time, 136, 'latin1');
      signed(archive);
      assert.equal((await extract(archive)).count, 0);
      const at = path.join(folder, 'root', 'a');
      assert.equal(fs.statSync(at).mtimeMs, 0);
      fs.rmSync(at);
    }
  });

  it('any numbers in it: a sentence or a tree, never an error of Node', async () => {
    const number = fc.oneof(
      fc.constantFrom('77777777777', '-1', '1e400', 'NaN', '0x10', ''),
      fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.bigInt(0n, 2n ** 90n).map((value) => {
        const bytes = Buffer.from(value.toString(16).padStart(24, '0'), 'hex');
        bytes[0] = 0x80; // in binary
        return bytes.toString('latin1');
      }),
    );
    const fields = fc.array(fc.tuple(fc.constantFrom(100, 108, 124, 136), number), {
      minLength: 1,
      maxLength: 3,
    });
    const lying = fc.asyncProperty(fc.constantFrom('file', 'folder'), fields, async (type, lies) => {
      const root = path.join(folder, 'root');
      fs.rmSync(root, { recursive: true });
      fs.mkdirSync(root);
      const archive = archiveOf([{ type, path: './a' }, { path: './good' }]);
      for (const [at, text] of lies) {
        const length = at < 124 ? 8 : 12;
        archive.fill(0, at, at + length).write(text.slice(0, length), at, 'latin1');
      }
      signed(archive);
      const skipped = await extract(archive).catch((error: unknown) => {
        assert.ok(error instanceof TarDamaged, String(error));
        return undefined;
      });
      if (skipped !== undefined) {
        assert.equal(skipped.count, 0);
        assert.ok(fs.existsSync(path.join(root, 'a')));
      }
    });
    await fc.assert(lying, { numRuns: 60 });
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
    await fc.assert(damaged, { numRuns: 60 });
  });
});

/** Gives the first header the checksum of what it says. */
function signed(archive: Buffer): void {
  archive.write('        ', 148);
  const sum = archive.subarray(0, tarBlock).reduce((all, byte) => all + byte, 0);
  archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
}
