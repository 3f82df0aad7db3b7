import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { RemoteShells } from '../../src/exec/remoteShell/remoteShells.ts';
import { Inventory } from '../../src/inventory/inventory.ts';
import { RecentUsage } from '../../src/inventory/recentUsage.ts';
import { Log } from '../../src/ui/log.ts';
import { PortForwards } from '../../src/ui/ports/portForwards.ts';
import { GroupsTree } from '../../src/ui/tree/groupsTree.ts';
import { azure } from '../support/azure.ts';
import { closeIdleConnections, openSessions, reset } from '../support/control.ts';
import { collectGarbage, ResourceWatch } from './resources.ts';
import { closeTerminals, terminal, until, web } from './terminals.ts';

describe('sessions that are over', () => {
  beforeEach(reset);
  afterEach(closeTerminals);

  async function openAndClose(count: number): Promise<void> {
    for (let done = 0; done < count; done += 10) {
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const { pty, screen } = await terminal(web, ['/bin/sh']);
          pty.open({ columns: 80, rows: 24 });
          await screen.matches(/# $/);
          pty.close();
        }),
      );
      closeTerminals();
    }
    await until(async () => (await openSessions()) === 0);
  }

  function heap(): number {
    collectGarbage();
    collectGarbage();
    return process.memoryUsage().heapUsed;
  }

  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

  it('300 leave no socket, no timer and no memory behind', async function () {
    this.timeout(600_000);
    await openAndClose(40); // what is loaded and kept once
    const before = { heap: heap(), timers: timers(), sockets: sockets() };
    await openAndClose(300);
    const after = { heap: heap(), timers: timers(), sockets: sockets() };
    const figures = JSON.stringify({ before, after });
    // VS Code and the SDK have a few of their own that come and go; ours would be hundreds.
    assert.ok(after.timers < before.timers + 5, figures);
    assert.ok(after.sockets < before.sockets + 5, figures);
    assert.ok(after.heap < before.heap * 1.05, figures);
  });
});

describe('trees and inventories that are over', () => {
  const log = new Log(vscode.window.createOutputChannel('Leak tests', { log: true }));
  let watch: ResourceWatch;
  beforeEach(async () => {
    await reset();
    watch = new ResourceWatch();
  });
  afterEach(() => watch.dispose());

  /** Lists everything, unfolds every row, asks for states in each way, and goes. */
  async function openAndClose(signal: AbortSignal): Promise<void> {
    const inventory = new Inventory(azure);
    const noUsage = new RecentUsage(() => Promise.reject(new Error('nobody hovers')));
    const noShells = new RemoteShells(() => Promise.reject(new Error('nobody forwards a port')));
    const forwards = new PortForwards(noShells, inventory, log);
    const tree = new GroupsTree(inventory, noUsage, log, forwards);
    const branches = await tree.getChildren();
    await inventory.load();
    for (const branch of branches) {
      for (const row of await tree.getChildren(branch)) {
        await tree.getChildren(row);
      }
    }
    const ids = inventory.subscriptions().flatMap(({ groups }) => groups.map(({ id }) => id));
    await Promise.all(ids.map((id) => inventory.containerGroup(id, signal)));
    await Promise.all(ids.map((id) => inventory.freshContainerGroup(id, signal)));
    await inventory.refreshSubscriptions(
      inventory.subscriptions().map(({ subscription }) => subscription.subscriptionId),
    );
    await inventory.refresh();
    tree.dispose();
    forwards.dispose();
    inventory.dispose();
  }

  it('leave no listener, no timer and no connection behind', async function () {
    this.timeout(600_000);
    const { signal } = new AbortController();
    await openAndClose(signal); // what is loaded and kept once
    watch.begin();
    for (let round = 0; round < 10; round++) {
      await openAndClose(signal);
    }
    assert.equal(getEventListeners(signal, 'abort').length, 0);
    await closeIdleConnections(); // each would keep its last request
    await until(() => isDeepStrictEqual(watch.left(), { sockets: 0, listeners: 0, timers: 0 }));
  });
});
