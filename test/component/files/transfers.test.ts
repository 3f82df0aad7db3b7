import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isCancellation } from '../../../src/base/cancellation.ts';
import { FileError } from '../../../src/files/errors.ts';
import { download } from '../../../src/files/download.ts';
import { RemoteFiles } from '../../../src/files/remoteFiles.ts';
import { upload } from '../../../src/files/upload.ts';
import type { RootImage } from '../../emulator/rootFolders.ts';
import { Containers } from '../../support/exec/containers.ts';
import { addLinks, makeTree, treeOf } from '../../support/files/trees.ts';

/** How many transfers are broken off; more with `TRANSFERS=200`. */
const transfers = Number(process.env['TRANSFERS'] ?? 4);
/** The size of a large file, in MB; more with `LARGE_MB=1000`. */
const largeMb = Number(process.env['LARGE_MB'] ?? 3);

const never = { signal: new AbortController().signal };
const images: readonly RootImage[] = [
  'debian',
  'bash',
  'alpine',
  'noTar',
  'noBase64',
  'noStat',
  'noChecksum',
];

describe('uploads and downloads', () => {
  let containers: Containers;
  let local: string;
  before(async () => {
    containers = await Containers.start(images);
    local = fs.mkdtempSync(path.join(os.tmpdir(), 'transfers-'));
  });
  after(async () => {
    await containers.close();
    fs.rmSync(local, { recursive: true });
  });

  const filesOf = async (image: RootImage) => {
    const files = new RemoteFiles(containers.engine(image));
    await files.tools(never.signal);
    return files;
  };
  const fresh = () => path.join(local, randomBytes(4).toString('hex'));

  for (const image of images) {
    it(`a tree of hard names, there and back: ${image}`, async () => {
      const files = await filesOf(image);
      const [from, to] = [fresh(), fresh()];
      makeTree(from);
      addLinks(from);
      const name = `/tmp/${path.basename(from)}`;
      await upload(files, from, name, never);
      const there = containers.root(image) + name;
      assert.deepEqual(
        image === 'noTar' ? withoutFolders(there) : treeOf(there),
        image === 'noTar' ? withoutFolders(from) : treeOf(from),
      );
      const { skipped } = await download(files, name, to, never);
      assert.equal(skipped.count, image === 'noTar' ? 2 : 0); // the links
      const coarse = image === 'noTar' ? withoutFolders : treeOf;
      const isLink = (line: string) => line.includes('"-> ');
      assert.deepEqual(
        coarse(to),
        coarse(from).filter((line) => image !== 'noTar' || !isLink(line)),
      );
      await upload(files, from, name, never); // replaces it
      assert.deepEqual(coarse(there), coarse(from));
      assert.deepEqual(fs.readdirSync(`${containers.root(image)}/tmp`), [path.basename(from)]);
      assert.deepEqual(left(local), []);
    });

    it(`a large file, there and back, with its mode and time: ${image}`, async () => {
      const files = await filesOf(image);
      const [from, to] = [fresh(), fresh()];
      const bytes = randomBytes(largeMb * 1_000_000 + 7);
      fs.writeFileSync(from, bytes, { mode: 0o750 });
      fs.utimesSync(from, 1_600_000_000, 1_600_000_000);
      let progress = 0;
      await upload(files, from, '/root/large', { ...never, onProgress: (sent) => (progress = sent) });
      assert.equal(progress, bytes.length);
      const there = `${containers.root(image)}/root/large`;
      assert.ok(fs.readFileSync(there).equals(bytes));
      await download(files, '/root/large', to, { ...never, onProgress: (got) => (progress = got) });
      assert.equal(progress, bytes.length);
      assert.ok(fs.readFileSync(to).equals(bytes));
      for (const stat of [fs.statSync(there), fs.statSync(to)]) {
        assert.equal(Math.floor(stat.mtimeMs / 86_400_000), Math.floor(1_600_000_000 / 86_400));
      }
      assert.equal(fs.statSync(there).mode & 0o777, 0o750);
      assert.equal(fs.statSync(to).mode & 0o777, image === 'noStat' ? 0o644 : 0o750);
      assert.deepEqual(fs.readdirSync(`${containers.root(image)}/root`), ['large']);
    });
  }

  for (const image of ['debian', 'bash', 'alpine'] as const) {
    it(`the socket drops at any moment: all is equal in the end, and nothing is left: ${image}`, async () => {
      const files = await filesOf(image);
      const [from] = [fresh()];
      makeTree(from, 3_000_000);
      const single = fresh();
      fs.writeFileSync(single, randomBytes(5_000_000));
      for (let round = 0; round < Math.ceil(transfers / 3); round++) {
        const drops = [7, 23, 61, 140].map((ms) =>
          setTimeout(
            () => containers.azure.dropSessions(containers.groupId(image)),
            ms + ((round * 13) % 50),
          ),
        );
        const [to, name] = [fresh(), `/tmp/${randomBytes(4).toString('hex')}`];
        const source = round % 2 === 0 ? single : from;
        await upload(files, source, name, never);
        await download(files, name, to, never);
        drops.forEach((drop) => clearTimeout(drop));
        assert.deepEqual(same(to), same(source));
        assert.deepEqual(same(containers.root(image) + name), same(source));
        assert.deepEqual(left(`${containers.root(image)}/tmp`), []);
        assert.deepEqual(left(local), []);
      }
      files.engine.dispose();
      await noProcesses(containers, image);
    });

    it(`one byte in ten thousand is lost or changed: all is equal in the end: ${image}`, async () => {
      const from = fresh();
      makeSmall(from);
      for (const direction of ['in', 'out'] as const) {
        for (const effect of ['lose', 'change'] as const) {
          const noise = { kind: 'noise', direction, effect, oneIn: 10_000, times: 'always' } as const;
          containers.azure.addFault({ ...noise, operation: 'socket', path: containers.execPath(image) });
          const files = await filesOf(image);
          const [to, name] = [fresh(), `/tmp/${randomBytes(4).toString('hex')}`];
          await upload(files, from, name, never);
          await download(files, name, to, never);
          containers.azure.clearFaults();
          assert.deepEqual(treeOf(containers.root(image) + name), treeOf(from));
          assert.deepEqual(treeOf(to), treeOf(from));
          files.engine.dispose();
        }
      }
    });
  }

  it('many small files without tar take few round trips', async () => {
    const files = await filesOf('noTar');
    const [from, to] = [fresh(), fresh()];
    fs.mkdirSync(from);
    for (let number = 0; number < 150; number++) {
      fs.writeFileSync(path.join(from, `file ${number}`), randomBytes((number * 37) % 2_000));
    }
    let asked = 0;
    for (const method of ['script', 'read', 'write'] as const) {
      const original = files.engine[method].bind(files.engine) as (...args: unknown[]) => unknown; // any of them
      Object.assign(files.engine, {
        [method]: (...args: unknown[]) => {
          asked++;
          return original(...args);
        },
      });
    }
    await upload(files, from, '/root/many', never);
    await download(files, '/root/many', to, never);
    assert.deepEqual(withoutFolders(to), withoutFolders(from));
    assert.ok(asked < 20, `${asked} round trips`);
    files.engine.dispose();
  });

  it('a folder behind a link comes down, and says about how much it is', async () => {
    const files = await filesOf('alpine');
    const [from, to] = [fresh(), fresh()];
    makeTree(from);
    await upload(files, from, '/root/tree', never);
    fs.symlinkSync('tree', `${containers.root('alpine')}/root/link`);
    const size = await files.archiveSize('/root/link', never.signal);
    const { bytes } = await download(files, '/root/link', to, never);
    assert.deepEqual(treeOf(to), treeOf(from));
    assert.ok(Math.abs(size - bytes) < 30_000, `${size} of ${bytes}`); // folders, long names and the end
  });

  for (const [what, size, tar] of [
    ['changes between two parts', 5_000_000, 'echo x >>/root/busy/log;exec /bin/tar.real "$@"'],
    [
      'changes in a part',
      1_000,
      `/bin/tar.real "$@"|sed s/content/mixture/;echo 'tar: ./log: file changed as we read it' >&2;exit 1`,
    ],
  ] as const) {
    it(`a folder in use, of which a file ${what}, comes down file by file`, async () => {
      const files = await filesOf('debian');
      const there = `${containers.root('debian')}/root/busy`;
      const bin = `${containers.root('debian')}/bin`;
      fs.mkdirSync(there);
      fs.writeFileSync(`${there}/log`, 'content\n');
      fs.writeFileSync(`${there}/large`, randomBytes(size));
      fs.renameSync(`${bin}/tar`, `${bin}/tar.real`);
      fs.writeFileSync(`${bin}/tar`, `#!/bin/sh\n${tar}\n`, { mode: 0o755 });
      try {
        const to = fresh();
        await download(files, '/root/busy', to, never);
        assert.deepEqual(withoutFolders(to), withoutFolders(there));
        assert.deepEqual(left(local), []);
      } finally {
        fs.renameSync(`${bin}/tar.real`, `${bin}/tar`);
        fs.rmSync(there, { recursive: true });
      }
      files.engine.dispose();
    });
  }

  for (const image of ['debian', 'noTar'] as const) {
    it(`a file of this side that changes on its way is told of, and nothing is left: ${image}`, async () => {
      const files = await filesOf(image);
      const [folder, small] = [fresh(), fresh()];
      for (const each of [folder, small]) {
        fs.mkdirSync(each);
      }
      const file = path.join(folder, 'file');
      fs.writeFileSync(file, randomBytes(3_000_000));
      fs.writeFileSync(path.join(small, 'a'), 'x');
      fs.writeFileSync(path.join(small, 'b'), 'x');
      const root = containers.root(image);
      const before = fs.readdirSync(`${root}/tmp`);
      for (const [from, changing, change] of [
        [file, file, () => fs.writeFileSync(file, randomBytes(3_000_000))],
        [file, file, () => fs.truncateSync(file, 2_000_000)],
        [folder, file, () => fs.writeFileSync(file, randomBytes(3_000_000))],
        [small, path.join(small, 'b'), () => fs.writeFileSync(path.join(small, 'b'), 'y')],
      ] as const) {
        const isEarly = from === small; // all of it goes at once
        const options = isEarly ? { ...never, onSize: change } : { ...never, onProgress: once(change) };
        await assert.rejects(
          upload(files, from, '/tmp/changing', options),
          (error) => error instanceof FileError && error.problem === 'changed' && error.path === changing,
        );
        assert.deepEqual(fs.readdirSync(`${root}/tmp`), before);
      }
      files.engine.dispose();
    });
  }

  it('cancelled at any moment: nothing is left under any name', async () => {
    const files = await filesOf('debian');
    fs.writeFileSync(`${containers.root('debian')}/root/large`, randomBytes(8_000_000));
    const from = fresh();
    fs.writeFileSync(from, randomBytes(8_000_000));
    const before = fs.readdirSync(`${containers.root('debian')}/tmp`);
    for (let round = 0; round < transfers; round++) {
      const controller = new AbortController();
      const to = fresh();
      const work =
        round % 2 === 0
          ? upload(files, from, '/tmp/cancelled', controller)
          : download(files, '/root/large', to, controller);
      setTimeout(() => controller.abort(), (round * 11) % 60);
      await work.then(
        () => assert.fail('it was not cancelled'),
        (error: unknown) => assert.ok(isCancellation(error), String(error)),
      );
      assert.ok(!fs.existsSync(to));
      assert.deepEqual(fs.readdirSync(`${containers.root('debian')}/tmp`), before);
      assert.deepEqual(left(local), []);
    }
  });
});

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) {
      isDone = true;
      work();
    }
  };
}

/** Few files: each block is sent several times. */
function makeSmall(root: string): void {
  fs.mkdirSync(root);
  fs.writeFileSync(path.join(root, 'one'), randomBytes(20_000));
  fs.writeFileSync(path.join(root, 'it is\n two'), randomBytes(3_000));
}

/** What is left of transfers that are over. */
function left(folder: string): readonly string[] {
  return fs.readdirSync(folder).filter((name) => name.endsWith('.part'));
}

function same(at: string): unknown {
  return fs.statSync(at).isDirectory() ? treeOf(at) : fs.readFileSync(at).toString('latin1');
}

/** Without the times of folders, which are lost where files are made in them one after the other. */
function withoutFolders(root: string): readonly string[] {
  return treeOf(root).filter((line) => !line.endsWith('"folder"]'));
}

async function noProcesses(containers: Containers, image: RootImage): Promise<void> {
  const end = performance.now() + 120_000;
  while (containers.processes(image).length > 0) {
    assert.ok(performance.now() < end, containers.processes(image).join());
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
