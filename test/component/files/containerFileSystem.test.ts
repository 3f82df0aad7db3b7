import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Uri } from 'vscode';
import { RemoteFiles } from '../../../src/files/remoteFiles.ts';
import type { ContainerFiles } from '../../../src/ui/files/containerFiles.ts';
import type { ContainerPath } from '../../../src/ui/files/containerUri.ts';
import type { FileAccess } from '../../../src/ui/files/fileAccess.ts';
import type { RootImage } from '../../emulator/rootFolders.ts';
import { Containers } from '../../support/exec/containers.ts';
import { Log } from '../../support/vscode.ts';

const { containerUri } = await import('../../../src/ui/files/containerUri.ts');
const { ContainerFileSystem } = await import('../../../src/ui/files/containerFileSystem.ts');

const images = ['debian', 'alpine'] as const;
const groupId =
  '/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/shop';
/** The folder that all happens in. */
const folder = '/tmp/files';
/** A file of the container that is called like its image. */
const at = (image: RootImage, name: string) =>
  containerUri({ groupId, containerName: image, path: `${folder}/${name}` });
const { signal } = new AbortController();
const ignore = () => undefined;
const log = new Log({ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore });

describe('the file system of VS Code over two containers', () => {
  let containers: Containers;
  before(async () => {
    containers = await Containers.start(images);
  });
  after(() => containers.close());
  const here = (image: RootImage) => containers.root(image) + folder;
  beforeEach(async () => {
    for (const image of images) {
      await new RemoteFiles(containers.engine(image)).tools(signal); // from then on the container has a folder here
      fs.rmSync(here(image), { recursive: true, force: true });
      fs.mkdirSync(here(image));
    }
    fs.writeFileSync(`${here('debian')}/file`, 'text');
  });

  function open(refused?: RootImage) {
    const known = new Map(
      images.map((image) => [image as string, new RemoteFiles(containers.engine(image))]),
    );
    const files = {
      at: ({ containerName }: ContainerPath) => Promise.resolve(known.get(containerName)),
    } as Partial<ContainerFiles> as ContainerFiles; // all that is called
    const access = {
      require: ({ containerName }: ContainerPath) =>
        containerName === refused ? Promise.reject(new Error('refused')) : Promise.resolve(),
    } as Partial<FileAccess> as FileAccess; // likewise
    const system = new ContainerFileSystem(files, access, log);
    const changes: (readonly [type: number, uri: Uri])[] = [];
    system.onDidChangeFile((events) => changes.push(...events.map(({ type, uri }) => [type, uri] as const)));
    return { system, changes };
  }

  const names = (image: RootImage) => fs.readdirSync(here(image)).toSorted();
  const [created, deleted] = [2, 3];

  it('copies and moves between them, and tells of both', async () => {
    const { system, changes } = open();
    const [file, copied, moved] = [at('debian', 'file'), at('alpine', 'copied'), at('alpine', 'moved')];
    await system.copy(file, copied, { overwrite: false });
    await system.rename(file, moved, { overwrite: false });
    assert.equal(fs.readFileSync(`${here('alpine')}/copied`, 'utf8'), 'text');
    assert.equal(fs.readFileSync(`${here('alpine')}/moved`, 'utf8'), 'text');
    assert.deepEqual([names('debian'), names('alpine')], [[], ['copied', 'moved']]);
    assert.deepEqual(changes, [
      [created, copied],
      [deleted, file],
      [created, moved],
    ]);
    await assert.rejects(system.copy(copied, at('debian', 'none/x'), { overwrite: false }));
    await assert.rejects(system.copy(file, moved, { overwrite: true }), { name: 'FileNotFound' });
    system.dispose();
  });

  it('a move that is refused, or cannot be finished, leaves the file where it is', async () => {
    const file = at('debian', 'file');
    fs.writeFileSync(`${here('alpine')}/there`, 'as before');
    const { system, changes } = open();
    await assert.rejects(system.rename(file, at('alpine', 'there'), { overwrite: false }), {
      name: 'FileExists',
    });
    await assert.rejects(open('alpine').system.rename(file, at('alpine', 'x'), { overwrite: true }));
    assert.deepEqual([names('debian'), names('alpine'), changes], [['file'], ['there'], []]);
    assert.equal(fs.readFileSync(`${here('alpine')}/there`, 'utf8'), 'as before');
    system.dispose();
  });
});
