import assert from 'node:assert/strict';
import { openSessions, reset } from '../support/control.ts';
import { collectGarbage } from './resources.ts';
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
    this.timeout(180_000);
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
