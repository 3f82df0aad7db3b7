import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { download } from '../../../src/files/download.ts';
import { FileError, type FileProblem } from '../../../src/files/errors.ts';
import { decodeName } from '../../../src/files/names.ts';
import { RemoteFiles } from '../../../src/files/remoteFiles.ts';
import { upload } from '../../../src/files/upload.ts';
import type { RootImage } from '../../emulator/rootFolders.ts';
import { Containers } from '../../support/exec/containers.ts';
import { nameBytes } from '../../support/files/names.ts';

/** How many cases for each image; more with `CASES=1000`. */
const cases = Number(process.env['CASES'] ?? 6);

const never = new AbortController().signal;
const images: readonly RootImage[] = ['debian', 'bash', 'alpine', 'noStat', 'noChecksum'];

const content = fc.oneof(
  fc.constant(Buffer.alloc(0)),
  fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(
    randomBytes(70_000),
    Buffer.from('\x01\0\r\n\x04\x1a 1300:2:echo evil\n2300:2:echo evil\n'),
  ),
);

describe('RemoteFiles', () => {
  let containers: Containers;
  before(async () => {
    containers = await Containers.start(images);
  });
  after(() => containers.close());

  for (const image of images) {
    /** The container's files, and a fresh folder as it and as this machine sees it. */
    const fresh = async () => {
      const files = new RemoteFiles(containers.engine(image));
      await files.tools(never);
      const folder = `/tmp/${randomBytes(4).toString('hex')}`;
      const here = containers.root(image) + folder;
      fs.mkdirSync(here);
      return { files, folder, here };
    };

    it(`any names, any content, links and all that is done with them: ${image}`, async () => {
      const { files, folder, here } = await fresh();
      const right = fc.asyncProperty(
        fc.uniqueArray(nameBytes, {
          minLength: 1,
          maxLength: 8,
          selector: (name) => name.toString('latin1'),
        }),
        content,
        async (names, bytes) => {
          fs.rmSync(here, { recursive: true, force: true });
          fs.mkdirSync(here);
          const [first = Buffer.of(), ...others] = names;
          const inside = (name: Buffer) => Buffer.concat([Buffer.from(`${here}/`), name]);
          const text = (name: Buffer) => `${folder}/${decodeName(name)}`;

          await files.makeFolder(text(first), never);
          for (const name of others) {
            await files.write(text(name), bytes, { create: true, overwrite: false }, never);
          }
          for (const name of others) {
            assert.deepEqual(fs.readFileSync(inside(name)), bytes);
            assert.deepEqual(await files.read(text(name), 1e6, never), bytes);
            const stat = await files.stat(text(name), never);
            assert.deepEqual([stat.type, stat.isLink, stat.size], ['file', false, bytes.length]);
          }
          fs.symlinkSync(first, inside(Buffer.from('link to folder')));
          fs.symlinkSync('nowhere', inside(Buffer.from('link to nothing')));
          for (const [link, type] of [
            ['link to folder', 'folder'],
            ['link to nothing', 'other'],
          ] as const) {
            const stat = await files.stat(`${folder}/${link}`, never);
            assert.deepEqual([stat.type, stat.isLink], [type, true]);
          }
          const listed = await files.list(folder, never);
          assert.deepEqual(
            listed.map(({ name, type, isLink }) => [name, type, isLink]).toSorted(),
            [
              [decodeName(first), 'folder', false],
              ...others.map((name) => [decodeName(name), 'file', false]),
              ['link to folder', 'folder', true],
              ['link to nothing', 'other', true],
            ].toSorted(),
          );

          for (const name of others) {
            await files.rename(text(name), `${text(first)}/${decodeName(name)}`, false, never);
          }
          await files.copy(text(first), `${folder}/copied folder`, false, never);
          const copied = fs.readdirSync(`${here}/copied folder`, { encoding: 'buffer' });
          assert.deepEqual(copied.map(decodeName).toSorted(), others.map(decodeName).toSorted());
          await assert.rejects(
            files.rename(text(first), `${folder}/copied folder`, false, never),
            is('exists'),
          );
          await files.rename(text(first), `${folder}/copied folder`, true, never);
          if (others.length > 0) {
            await assert.rejects(files.delete(`${folder}/copied folder`, false, never), is('notEmpty'));
          }
          await files.delete(`${folder}/copied folder`, true, never);
          await files.delete(`${folder}/link to folder`, true, never);
          assert.deepEqual(fs.readdirSync(here), ['link to nothing']);
        },
      );
      await fc.assert(right, { numRuns: cases, endOnFailure: true });
    });

    it(`mode, owner and link stay when a file is written: ${image}`, async () => {
      const { files, folder, here } = await fresh();
      fs.writeFileSync(`${here}/file`, 'old', { mode: 0o640 });
      fs.chmodSync(`${here}/file`, 0o4751);
      fs.symlinkSync('file', `${here}/link`);
      const before = fs.statSync(`${here}/file`);
      await files.write(`${folder}/link`, Buffer.from('new'), { create: true, overwrite: true }, never);
      const after = fs.statSync(`${here}/file`);
      assert.equal(fs.readFileSync(`${here}/file`, 'utf8'), 'new');
      assert.deepEqual([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid]);
      assert.ok(fs.lstatSync(`${here}/link`).isSymbolicLink());
      assert.notEqual(after.ino, before.ino);
      assert.deepEqual(fs.readdirSync(here).toSorted(), ['file', 'link']);
      await files.write(`${folder}/made`, Buffer.from('x'), { create: true, overwrite: false }, never);
      fs.writeFileSync(`${here}/plain`, 'x');
      assert.equal(fs.statSync(`${here}/made`).mode, fs.statSync(`${here}/plain`).mode);
    });

    it(`what goes wrong has its kind: ${image}`, async () => {
      const { files, folder, here } = await fresh();
      fs.writeFileSync(`${here}/file`, 'x');
      fs.mkdirSync(`${here}/folder/deep`, { recursive: true });
      const overwrite = { create: true, overwrite: true };
      const bytes = Buffer.from('y');
      for (const [work, problem] of [
        [() => files.stat(`${folder}/none`, never), 'notFound'],
        [() => files.read(`${folder}/none`, 10, never), 'notFound'],
        [() => files.read(`${folder}/folder`, 10, never), 'isFolder'],
        [() => files.read('/dev/zero', 10, never), 'other'],
        [() => files.read('/proc/cpuinfo', 10, never), 'tooLarge'],
        [() => files.list(`${folder}/none`, never), 'notFound'],
        [() => files.list(`${folder}/file`, never), 'notFolder'],
        [() => files.makeFolder(`${folder}/file`, never), 'exists'],
        [() => files.makeFolder(`${folder}/none/deep`, never), 'notFound'],
        [() => files.delete(`${folder}/none`, true, never), 'notFound'],
        [() => files.delete(`${folder}/folder`, false, never), 'notEmpty'],
        [() => files.delete('/proc/version', false, never), 'noPermission'],
        [() => files.rename(`${folder}/none`, `${folder}/other`, true, never), 'notFound'],
        [() => files.rename(`${folder}/file`, `${folder}/none/deep`, true, never), 'notFound'],
        [() => files.write(`${folder}/folder`, bytes, overwrite, never), 'isFolder'],
        [() => files.write(`${folder}/none/deep`, bytes, overwrite, never), 'notFound'],
        [() => files.write(`${folder}/file`, bytes, { create: true, overwrite: false }, never), 'exists'],
        [() => files.write(`${folder}/none`, bytes, { create: false, overwrite: true }, never), 'notFound'],
        [() => files.write('/dev/null', bytes, overwrite, never), 'other'],
        [() => files.write(`${folder}/${'x'.repeat(300)}`, bytes, overwrite, never), 'badName'],
        [() => files.stat('relative', never), 'badName'],
        [() => files.stat('/with\0nul', never), 'badName'],
      ] as const satisfies readonly (readonly [() => Promise<unknown>, FileProblem])[]) {
        await assert.rejects(work, is(problem), String(work));
      }
      assert.deepEqual(fs.readdirSync(here).toSorted(), ['file', 'folder']);
    });

    it(`the root is a folder as any other: ${image}`, async () => {
      const { files } = await fresh();
      const root = containers.root(image);
      const bytes = Buffer.from('x');
      assert.deepEqual((await files.stat('/', never)).type, 'folder');
      await files.write('/file', bytes, { create: true, overwrite: false }, never);
      await files.rename('/file', '/renamed', false, never);
      assert.deepEqual(await files.read('/renamed', 10, never), bytes);
      await files.makeFolder('/made', never);
      await files.rename('/renamed', '/made/file', false, never);
      await files.copy('/made', '/copied', false, never);
      await upload(files, `${root}/made`, '/uploaded', { signal: never });
      await download(files, '/uploaded', `${root}/downloaded`, { signal: never });
      assert.equal(fs.readFileSync(`${root}/downloaded/file`, 'utf8'), 'x');
      const names = (await files.list('/', never)).map(({ name }) => name);
      assert.deepEqual(names.toSorted(), fs.readdirSync(root).toSorted());
      for (const name of ['made', 'copied', 'uploaded', 'downloaded']) {
        assert.ok(names.includes(name), name);
        await files.delete(`/${name}`, true, never);
        assert.ok(!fs.existsSync(`${root}/${name}`));
      }
    });

    it(`files of /proc, whose size is 0, and a folder of many: ${image}`, async () => {
      const { files, folder, here } = await fresh();
      assert.equal((await files.stat('/proc/version', never)).size, 0);
      assert.equal(
        (await files.read('/proc/version', 1e6, never)).toString(),
        fs.readFileSync('/proc/version', 'utf8'),
      );
      const count = image === 'noStat' ? 50 : 3_000;
      for (let number = 0; number < count; number++) {
        fs.writeFileSync(path.join(here, `file ${number}`), '');
      }
      const time = new Date('2021-02-03T04:05:06.789Z');
      fs.utimesSync(path.join(here, 'file 7'), time, time);
      const entries = await files.list(folder, never);
      assert.equal(entries.length, count);
      const seventh = entries.find(({ name }) => name === 'file 7');
      const coarse =
        image === 'noStat' ? '2021-02-03' : image === 'alpine' ? '2021-02-03T04:05:06' : time.toISOString();
      assert.ok(new Date(seventh?.mtimeMs ?? 0).toISOString().startsWith(coarse));
    });
  }

  it(
    'a full disk: the file stays as it was, and nothing is left',
    { skip: process.getuid?.() !== 0 },
    async () => {
      await new RemoteFiles(containers.engine('alpine')).tools(never);
      const here = `${containers.root('alpine')}/tmp/full`;
      fs.mkdirSync(here);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', here]);
      try {
        const files = new RemoteFiles(containers.engine('alpine')); // a new session sees the new mount
        fs.writeFileSync(`${here}/file`, 'old');
        for (const length of [300_000, 3_000_000]) {
          const write = files.write(
            '/tmp/full/file',
            randomBytes(length),
            { create: true, overwrite: true },
            never,
          );
          await assert.rejects(write, is('diskFull'));
          assert.deepEqual(fs.readdirSync(here), ['file']);
          assert.equal(fs.readFileSync(`${here}/file`, 'utf8'), 'old');
        }
        assert.equal((await files.read('/tmp/full/file', 10, never)).toString(), 'old');
      } finally {
        execFileSync('umount', ['-l', here]);
      }
    },
  );

  it('tools that lie: no name leads anywhere else, and an endless listing ends', async () => {
    const files = new RemoteFiles(containers.engine('bash'));
    await files.tools(never);
    const program = `${containers.root('bash')}/bin/stat`;
    const lie = async (line: string) => {
      fs.rmSync(program);
      fs.writeFileSync(program, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
      return files.list('/tmp', never);
    };
    const names = ['..', '.', '', '../../etc', 'good', '\x1b]0;title\x07', '/etc/passwd', 'a/../../b'];
    const records = names.map((name) => `./${name}/81a4 1 1 1\n`).join('');
    const listed = await lie(
      `printf '%b' '${records.replaceAll('\x1b', '\\033').replaceAll('\x07', '\\007')}'`,
    );
    assert.ok(listed.every(({ name }) => !['', '.', '..'].includes(name) && !name.includes('/')));
    assert.ok(listed.some(({ name }) => name === 'good'));
    await assert.rejects(lie(`yes './x/81a4 1 1 1'`), is('tooLarge'));
    assert.deepEqual(await lie('echo nonsense'), []);
    files.engine.dispose();
  });

  it('more names than a command line takes', async () => {
    const files = new RemoteFiles(containers.engine('debian'));
    await files.tools(never);
    const here = `${containers.root('debian')}/tmp/many`;
    fs.mkdirSync(here);
    for (let number = 0; number < 9_000; number++) {
      fs.writeFileSync(path.join(here, `${number}${'x'.repeat(240)}`), '');
    }
    assert.equal((await files.list('/tmp/many', never)).length, 9_000);
  });
});

function is(problem: FileProblem) {
  return (error: unknown) => {
    assert.ok(error instanceof FileError, String(error));
    assert.equal(error.problem, problem, error.message);
    return true;
  };
}
