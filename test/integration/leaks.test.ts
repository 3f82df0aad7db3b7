import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openSessions, reset } from './control.ts';
import { closeTerminals, terminal, until, web } from './terminals.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // what the flag exposes

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
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  }

  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const sockets = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

  it('300 leave no socket, no timer and no memory behind', async function () {
    this.timeout(180_000);
    await openAndClose(40); // what is loaded and kept once
    const before = { heap: heap(), timers: timers(), sockets: sockets() };
    await openAndClose(300);
    // VS Code has timers of its own that come and go; one of ours that stays would never let this end.
    await until(() => timers() <= before.timers && sockets() <= before.sockets);
    const after = heap();
    assert.ok(after < before.heap * 1.05, `${before.heap} bytes before, ${after} after`);
  });
});
