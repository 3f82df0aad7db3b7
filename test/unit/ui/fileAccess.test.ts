import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import type { Memento } from 'vscode';
import { Inventory } from '../../../src/inventory/inventory.ts';
import type { ContainerPath } from '../../../src/ui/files/containerUri.ts';
import { memento } from '../../support/memento.ts';
import { Log, shown } from '../../support/vscode.ts';

const vscode = await import('vscode');
const { containerUri, parseContainerUri } = await import('../../../src/ui/files/containerUri.ts');
const { FileAccess } = await import('../../../src/ui/files/fileAccess.ts');
const { OpenedContainers } = await import('../../../src/ui/state/openedContainers.ts');

const ignore = () => undefined;
const log = new Log({ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore });
const inventory = new Inventory(() => Promise.reject(new Error('Azure was asked')));
const subscriptionId = '11111111-0001-4000-8000-000000000001';
const groupId = `/subscriptions/${subscriptionId}/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop`;
const place = (containerName: string): ContainerPath => ({ groupId, containerName, path: '/' });

/** A window that keeps its state there. */
function openWindow(state: Memento) {
  const opened = new OpenedContainers(state, log);
  return { opened, access: new FileAccess(opened, inventory, log) };
}

const noPermission = { name: 'NoPermissions' };
/** The questions so far. */
const asked = () =>
  shown.flatMap(([surface, text]) => (surface === 'dialog' && text.startsWith('A link or') ? [text] : []));

function answerWith(answer: 'Open Files' | undefined): void {
  mock.method(vscode.window, 'showWarningMessage', (text: string, { detail }: { detail: string }) => {
    shown.push(['dialog', text], ['detail', detail]);
    return Promise.resolve(answer);
  });
}

describe('the files of a container that no command has opened', () => {
  beforeEach(() => {
    shown.length = 0;
    mock.restoreAll();
    mock.getter(vscode.workspace, 'isTrusted', () => true);
  });

  it('are opened once the user has agreed, who sees which container it is and is asked once', async () => {
    answerWith('Open Files');
    const state = memento();
    const { access } = openWindow(state);
    await Promise.all([access.require(place('web')), access.require(place('WEB'))]);
    await access.require({ ...place('web'), groupId: groupId.toUpperCase() });
    await openWindow(state).access.require(place('web'));
    assert.deepEqual(shown, [
      ['dialog', 'A link or a workspace asks to open the files of the container "web".'],
      [
        'detail',
        `Container group: shop\nResource group: rg-shop\nSubscription: ${subscriptionId}\n\nThis opens a session in the container. You are asked once for each container.`,
      ],
    ]);
    await access.require(place('other'));
    assert.equal(asked().length, 2, 'another container is another question');
  });

  it('stay closed where the user does not agree, who is asked no more in this window', async () => {
    answerWith(undefined);
    const state = memento();
    const { access, opened } = openWindow(state);
    const many = Array.from({ length: 50 }, (_, index) => access.require(place(`c${index}`)));
    const results = await Promise.allSettled(many);
    assert.ok(results.every(({ status }) => status === 'rejected'));
    await assert.rejects(access.require(place('c0')), noPermission);
    assert.equal(asked().length, 1);
    await opened.add(`${groupId}/containers/c0`); // a command of ours
    await access.require(place('c0'));
    await assert.rejects(access.require(place('c1')), noPermission);
    await assert.rejects(openWindow(state).access.require(place('c1')), noPermission);
    assert.equal(asked().length, 2, 'another window asks anew');
  });

  it('stay closed without a question in a workspace that is not trusted', async () => {
    mock.getter(vscode.workspace, 'isTrusted', () => false);
    answerWith('Open Files');
    const { access, opened } = openWindow(memento());
    await assert.rejects(access.require(place('web')), {
      ...noPermission,
      message: /not trusted.*Browse Files/,
    });
    assert.deepEqual(shown, []);
    await opened.add(`${groupId}/containers/web`);
    await access.require(place('web'));
  });

  it('of names that Azure does not allow are no files at all', () => {
    const uri = (container: string, resourceGroup = 'rg') => ({
      scheme: 'aci',
      authority: `${subscriptionId}~${resourceGroup}+shop+${container}`,
      path: '/',
    });
    const parse = (parts: ReturnType<typeof uri>) => parseContainerUri(vscode.Uri.from(parts));
    assert.equal(parse(uri('web'))?.containerName, 'web');
    const hostile = [
      '',
      '..',
      'a/b',
      'a b',
      'x\nCancel',
      '[x](command:y)',
      '$(error)',
      'a\u202eb',
      'a+b',
      'a~b',
    ];
    for (const name of hostile) {
      assert.equal(parse(uri(name)), undefined, name);
      assert.equal(parse(uri('web', `${name}!`)), undefined, name);
    }
    assert.deepEqual(parseContainerUri(containerUri(place('web'))), place('web'));
  });

  it('have one path, however an address writes it', () => {
    const pathOf = (path: string) => parseContainerUri(containerUri({ ...place('web'), path }))?.path;
    for (const path of ['', '/', '//', '/.', '/..', '/tmp/..', '/../..//./']) {
      assert.equal(pathOf(path), '/', path);
    }
    for (const path of ['/a/b', '//a//b/', '/a/./b', '/x/../a/b/.']) {
      assert.equal(pathOf(path), '/a/b', path);
    }
  });
});
