import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { download } from '../../../src/files/download.ts';
import { RemoteFiles } from '../../../src/files/remoteFiles.ts';
import { upload } from '../../../src/files/upload.ts';
import type { RootImage } from '../../emulator/rootFolders.ts';
import { Containers } from '../../support/exec/containers.ts';
import { addLinks, makeTree, treeOf } from '../../support/files/trees.ts';

const never = { signal: new AbortController().signal };
const images: readonly RootImage[] = ['debian', 'bash', 'alpine', 'noStat'];

describe('the last step of an upload, which replaces what is there', () => {
  let containers: Containers;
  let local: string;
  before(async () => {
    containers = await Containers.start(images);
    local = fs.mkdtempSync(path.join(os.tmpdir(), 'replaced-'));
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
  const newTree = () => {
    const from = fresh();
    makeTree(from, 10_000);
    addLinks(from);
    return from;
  };
  /** Calls back when a program of the container is called for the `at`th time, which waits until it is let go. */
  const atCall = (image: RootImage, program: string, at: number, what: () => void) => {
    const bin = `${containers.root(image)}/bin`;
    const real = `${containers.root(image)}/real`;
    fs.mkdirSync(real);
    fs.copyFileSync(`${bin}/${program}`, `${real}/${program}`);
    fs.rmSync(`${bin}/${program}`);
    // The call waits in a pipe that nobody writes to, until its terminal hangs up or what is done lets it go.
    const lines = [
      '#!/bin/sh',
      'n=1;while ! mkdir /real/$n 2>/dev/null;do n=$((n+1));done', // it may write no file
      `[ $n != ${at} ]||{ : >/real/now;read x </real/pipe;}`,
      `exec /real/${program} "$@"`,
    ];
    execFileSync('mkfifo', [`${real}/pipe`]);
    fs.writeFileSync(`${bin}/${program}`, `${lines.join('\n')}\n`, { mode: 0o755 });
    const watcher = fs.watch(real, (_event, name) => {
      if (name === 'now') {
        watcher.close();
        what();
      }
    });
    const pipe = fs.openSync(`${real}/pipe`, 'r+');
    return {
      wasMade: () => fs.existsSync(`${real}/now`),
      letGo: () => fs.writeSync(pipe, '\n'),
      end: () => {
        watcher.close();
        fs.closeSync(pipe);
        fs.rmSync(`${bin}/${program}`);
        fs.copyFileSync(`${real}/${program}`, `${bin}/${program}`);
        fs.rmSync(real, { recursive: true });
      },
    };
  };

  for (const image of images) {
    it(`files and folders right in /: ${image}`, async () => {
      const files = await filesOf(image);
      const [from, to, single] = [newTree(), fresh(), fresh()];
      fs.writeFileSync(single, 'content');
      for (let round = 0; round < 2; round++) {
        await upload(files, from, '/tree', never);
        await upload(files, single, '/single', never);
        await files.write('/written', Buffer.from('x'), { create: true, overwrite: true }, never.signal);
      }
      const root = containers.root(image);
      assert.deepEqual(treeOf(`${root}/tree`), treeOf(from));
      assert.equal(fs.readFileSync(`${root}/single`, 'utf8'), 'content');
      assert.equal(fs.readFileSync(`${root}/written`, 'utf8'), 'x');
      await download(files, '/tree', to, never);
      assert.deepEqual(treeOf(to), treeOf(from));
      assert.deepEqual(left(root), []);
      await files.write('//tmp//twice', Buffer.from('x'), { create: true, overwrite: true }, never.signal);
      assert.equal(fs.readFileSync(`${root}/tmp/twice`, 'utf8'), 'x');
      files.engine.dispose();
    });
  }

  for (const image of ['debian', 'bash'] as const) {
    it(`a file: cancelled, or the connection lost, just then: ${image}`, async () => {
      const root = containers.root(image);
      for (const event of ['cancel', 'loss'] as const) {
        const files = await filesOf(image);
        fs.writeFileSync(`${root}/tmp/file`, 'old');
        const from = fresh();
        fs.writeFileSync(from, 'new content');
        const controller = new AbortController();
        const call = atCall(image, 'mv', 1, () => {
          if (event === 'cancel') {
            controller.abort();
            call.letGo();
          } else {
            containers.azure.dropSessions(containers.groupId(image));
          }
        });
        try {
          await upload(files, from, '/tmp/file', controller);
          assert.ok(call.wasMade());
        } finally {
          call.end();
        }
        assert.equal(fs.readFileSync(`${root}/tmp/file`, 'utf8'), 'new content');
        assert.deepEqual(left(`${root}/tmp`), []);
        files.engine.dispose();
      }
    });

    for (const [event, at] of [
      ['cancel', 2],
      ['cancel', 3],
      ['cancel', 4],
      ['loss', 2],
      ['loss', 3],
      ['loss', 4],
    ] as const) {
      it(`a folder: ${event} at the ${at}th rename: ${image}`, async () => {
        const files = await filesOf(image);
        const root = containers.root(image);
        const [old, from] = [newTree(), newTree()];
        await upload(files, old, '/tmp/folder', never);
        const controller = new AbortController();
        const call = atCall(image, 'mv', at, () => {
          if (event === 'cancel') {
            controller.abort();
            call.letGo();
          } else {
            containers.azure.dropSessions(containers.groupId(image));
          }
        });
        try {
          await upload(files, from, '/tmp/folder', controller);
          assert.ok(call.wasMade());
        } finally {
          call.end();
        }
        assert.deepEqual(treeOf(`${root}/tmp/folder`), treeOf(from));
        assert.deepEqual(left(`${root}/tmp`), []);
        files.engine.dispose();
      });
    }
  }

  it(
    'a folder of an image, which overlayfs does not rename: it is replaced, also when the connection is lost',
    { skip: process.getuid?.() !== 0 },
    async () => {
      const root = containers.root('debian');
      const [lower, from] = [newTree(), newTree()];
      const layers = fresh();
      fs.mkdirSync(`${layers}/upper`, { recursive: true });
      fs.mkdirSync(`${layers}/work`);
      fs.mkdirSync(`${layers}/lower`);
      fs.renameSync(lower, `${layers}/lower/folder`);
      fs.mkdirSync(`${root}/tmp/overlay`);
      const options = `lowerdir=${layers}/lower,upperdir=${layers}/upper,workdir=${layers}/work`;
      execFileSync('mount', ['-t', 'overlay', '-o', options, 'overlay', `${root}/tmp/overlay`]);
      try {
        const files = new RemoteFiles(containers.engine('debian')); // a new session sees the new mount
        const call = atCall('debian', 'cp', 1, () =>
          containers.azure.dropSessions(containers.groupId('debian')),
        );
        try {
          await upload(files, from, '/tmp/overlay/folder', never);
          assert.ok(call.wasMade());
        } finally {
          call.end();
        }
        assert.deepEqual(treeOf(`${root}/tmp/overlay/folder`), treeOf(from));
        assert.deepEqual(fs.readdirSync(`${root}/tmp/overlay`), ['folder']);
        files.engine.dispose();
      } finally {
        execFileSync('umount', ['-l', `${root}/tmp/overlay`]);
      }
    },
  );

  it(
    'a file that cannot be replaced has its content back where the new one does not fit',
    { skip: process.getuid?.() !== 0 },
    async () => {
      const files = await filesOf('debian');
      const root = containers.root('debian');
      const folder = `${root}/tmp/mounted`;
      fs.mkdirSync(folder);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
      const target = `${root}/tmp/bound`;
      fs.writeFileSync(target, '');
      try {
        fs.writeFileSync(`${folder}/file`, 'old');
        execFileSync('mount', ['--bind', `${folder}/file`, target]);
        const other = new RemoteFiles(containers.engine('debian')); // a new session sees the new mount
        const options = { create: true, overwrite: true };
        await other.write('/tmp/bound', Buffer.from('newer'), options, never.signal);
        assert.equal(fs.readFileSync(target, 'utf8'), 'newer');
        await assert.rejects(other.write('/tmp/bound', randomBytes(300_000), options, never.signal), {
          problem: 'diskFull',
        });
        assert.equal(fs.readFileSync(target, 'utf8'), 'newer');
        assert.deepEqual(left(`${root}/tmp`), []);
        other.engine.dispose();
      } finally {
        execFileSync('umount', ['-l', target]);
        execFileSync('umount', ['-l', folder]);
      }
      files.engine.dispose();
    },
  );
});

/** What is left of transfers that are over. */
function left(folder: string): readonly string[] {
  return fs.readdirSync(folder).filter((name) => name.includes('.part'));
}
