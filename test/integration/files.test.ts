import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { containerUri } from '../../src/ui/files/containerUri.ts';
import { addFault, openSessions, requests, reset } from '../support/control.ts';
import { files as groupId, until } from './terminals.ts';

const { fs } = vscode.workspace;

const at = (path: string) => containerUri({ groupId, containerName: 'files', path });
const bytes = (text: string) => Uint8Array.from(Buffer.from(text));
const text = async (path: string) => Buffer.from(await fs.readFile(at(path))).toString();

function is(code: string) {
  return (error: unknown) => {
    assert.ok(error instanceof vscode.FileSystemError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };
}

/** "Browse Files…" of the only container, as far as the question where: from then on its files may be opened. */
async function browse(): Promise<void> {
  await reset();
  await assert.rejects(async () => fs.stat(at('/'))); // the question whether it may be: a test shows no dialog
  assert.deepEqual(await requests(), []);
  void vscode.commands.executeCommand('containerInstances.browseFiles');
  await until(async () => (await openSessions()) > 0); // which lists the folder that is offered
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  await until(async () => {
    try {
      await fs.stat(at('/'));
      return true;
    } catch {
      return false;
    }
  });
  await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
}

describe('files of a container in VS Code', () => {
  before(browse);
  beforeEach(reset);

  it('everything that the file system API does', async () => {
    const names = ['with space', 'line\nend', "it's", '-n', '日本語', '100%25', '#?&+', '\\back', '\x1b[31m'];
    await fs.createDirectory(at('/tmp/a/b'));
    for (const name of names) {
      await fs.writeFile(at(`/tmp/a/${name}`), bytes(name));
      assert.equal(await text(`/tmp/a/${name}`), name);
    }
    const listed = await fs.readDirectory(at('/tmp/a'));
    assert.deepEqual(
      listed.toSorted(),
      [['b', vscode.FileType.Directory], ...names.map((name) => [name, vscode.FileType.File])].toSorted(),
    );
    const before = Date.now();
    await fs.writeFile(at('/tmp/a/-n'), bytes('more than before'));
    const stat = await fs.stat(at('/tmp/a/-n'));
    assert.deepEqual([stat.type, stat.size], [vscode.FileType.File, 16]);
    assert.ok(stat.mtime > before - 5_000 && stat.mtime < before + 60_000, String(stat.mtime));
    assert.equal(await text('/tmp/a/-n'), 'more than before');

    await fs.rename(at('/tmp/a/with space'), at('/tmp/a/b/moved'));
    await assert.rejects(async () => fs.stat(at('/tmp/a/with space')), is('FileNotFound'));
    await fs.copy(at('/tmp/a/b'), at('/tmp/a/c'));
    assert.equal(await text('/tmp/a/c/moved'), 'with space');
    await assert.rejects(async () => fs.rename(at('/tmp/a/b'), at('/tmp/a/c')), is('FileExists'));
    await fs.rename(at('/tmp/a/b'), at('/tmp/a/c'), { overwrite: true });
    const local = vscode.Uri.file(`${(await import('node:os')).tmpdir()}/copied-${process.pid}`);
    await fs.copy(at('/tmp/a/c/moved'), local); // between file systems: read and written
    assert.equal(Buffer.from(await fs.readFile(local)).toString(), 'with space');
    await fs.copy(local, at('/tmp/a/back'));
    await fs.delete(local);
    assert.equal(await text('/tmp/a/back'), 'with space');

    assert.match(await text('/proc/version'), /^Linux/);
    const [, link = 0] = (await fs.readDirectory(at('/usr'))).find(([name]) => name === 'bin') ?? [];
    assert.equal(link, vscode.FileType.SymbolicLink | vscode.FileType.Directory);
    await assert.rejects(async () => fs.delete(at('/tmp/a')), /not empty/);
    await fs.delete(at('/tmp/a'), { recursive: true });
    await assert.rejects(async () => fs.stat(at('/tmp/a')), is('FileNotFound'));
  });

  it('forty questions at once share a few sessions', async () => {
    const stats = await Promise.all(Array.from({ length: 40 }, async () => fs.stat(at('/etc/passwd'))));
    assert.deepEqual(new Set(stats.map(({ type }) => type)), new Set([vscode.FileType.File]));
    const sessions = (await requests()).filter(({ operation }) => operation === 'exec');
    assert.ok(sessions.length <= 4, `${sessions.length} sessions`);
  });

  it('errors have the kinds that VS Code knows', async () => {
    await fs.writeFile(at('/tmp/file'), bytes('x'));
    await assert.rejects(async () => fs.readFile(at('/tmp/none')), is('FileNotFound'));
    await assert.rejects(async () => fs.readDirectory(at('/tmp/none')), is('FileNotFound'));
    await assert.rejects(async () => fs.delete(at('/tmp/none')), is('FileNotFound'));
    await assert.rejects(async () => fs.readFile(at('/tmp')), is('FileIsADirectory'));
    await assert.rejects(async () => fs.readDirectory(at('/tmp/file')), is('FileNotADirectory'));
    await assert.rejects(async () => fs.writeFile(at('/tmp'), bytes('x')), is('FileIsADirectory'));
    await assert.rejects(async () => fs.writeFile(at('/proc/version'), bytes('x')));
    await assert.rejects(async () => fs.delete(at('/proc/version')), is('NoPermissions'));
    const document = await vscode.workspace.openTextDocument(at('/etc/passwd'));
    assert.equal(document.uri.path, '/etc/passwd');
    assert.equal(vscode.workspace.asRelativePath(document.uri), '/etc/passwd');
  });

  it('goes on when the session is gone', async () => {
    await fs.writeFile(at('/tmp/file'), bytes('before'));
    await addFault({ operation: 'socket', kind: 'drop', afterBytes: 400, path: `${groupId}/`, times: 1 });
    assert.equal(await text('/tmp/file'), 'before');
    assert.ok((await openSessions()) > 0);
  });
});
