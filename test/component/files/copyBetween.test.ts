import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { copyBetween } from '../../../src/files/copyBetween.ts';
import { FileError } from '../../../src/files/errors.ts';
import { RemoteFiles } from '../../../src/files/remoteFiles.ts';
import type { RootImage } from '../../emulator/rootFolders.ts';
import { Containers } from '../../support/exec/containers.ts';
import { makeTree, treeOf } from '../../support/files/trees.ts';

const { signal } = new AbortController();
const options = { overwrite: false, maxFile: 1_000_000 };
const images: readonly RootImage[] = ['debian', 'alpine', 'bash'];

/** A tree without the times of its folders. */
const treeWithoutTimes = (root: string) =>
  treeOf(root).map((line) => line.replace(/,"\d+","folder"\]$/, ',"folder"]'));

describe('what goes from one container to another', () => {
  let containers: Containers;
  before(async () => {
    containers = await Containers.start(images);
  });
  after(() => containers.close());

  /** A new name in a container, as it and as this machine sees it. */
  const fresh = async (image: RootImage) => {
    const files = new RemoteFiles(containers.engine(image));
    await files.tools(signal);
    const path = `/tmp/${randomBytes(4).toString('hex')}`;
    return { files, path, here: containers.root(image) + path };
  };
  const names = (image: RootImage) => fs.readdirSync(`${containers.root(image)}/tmp`).toSorted();

  for (const [source, target] of [
    ['debian', 'alpine'],
    ['alpine', 'bash'],
  ] as const) {
    it(`is the same there, with hard names, links and modes: ${source} to ${target}`, async () => {
      const [from, to] = [await fresh(source), await fresh(target)];
      makeTree(from.here);
      fs.symlinkSync('a b', `${from.here}/link`);
      fs.symlinkSync('..', `${from.here}/link to what is above`);
      fs.symlinkSync("no'\nwhere", `${from.here}/link to nothing`);
      fs.chmodSync(`${from.here}/empty`, 0o500);
      const before = treeOf(from.here);
      await copyBetween(from, to, options, signal);
      assert.deepEqual(treeWithoutTimes(to.here), treeWithoutTimes(from.here));
      assert.deepEqual(treeOf(from.here), before);
    });
  }

  it('replaces what is there only where it may', async () => {
    const [from, to] = [await fresh('debian'), await fresh('alpine')];
    fs.writeFileSync(from.here, 'new');
    fs.mkdirSync(to.here);
    fs.writeFileSync(`${to.here}/old`, '');
    await assert.rejects(copyBetween(from, to, options, signal), is('exists'));
    assert.deepEqual(fs.readdirSync(to.here), ['old']);
    await copyBetween(from, to, { ...options, overwrite: true }, signal);
    assert.equal(fs.readFileSync(to.here, 'utf8'), 'new');
  });

  it('leaves nothing where something of it cannot be had', async () => {
    const [from, to] = [await fresh('debian'), await fresh('alpine')];
    fs.mkdirSync(from.here);
    fs.writeFileSync(`${from.here}/a small one`, '');
    fs.writeFileSync(`${from.here}/too large`, Buffer.alloc(options.maxFile + 1));
    fs.writeFileSync(to.here, 'as before');
    const before = names('alpine');
    await assert.rejects(copyBetween(from, to, { ...options, overwrite: true }, signal), is('tooLarge'));
    assert.deepEqual(names('alpine'), before);
    assert.equal(fs.readFileSync(to.here, 'utf8'), 'as before');
    await assert.rejects(copyBetween(from, { ...to, path: '/tmp/none/x' }, options, signal), is('notFound'));
  });
});

function is(problem: string) {
  return (error: unknown) => {
    assert.ok(error instanceof FileError, String(error));
    assert.equal(error.problem, problem, error.message);
    return true;
  };
}
