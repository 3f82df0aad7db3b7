import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { ExecEndpoint } from '../../../src/azure/resourceManager/containerOperations.ts';
import type { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import { inputPace } from '../../../src/exec/input.ts';
import { ExecSession } from '../../../src/exec/session.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';
import { startProxy, type Proxy } from '../../integration/proxy.ts';
import { clientOf, operations, trust } from './operations.ts';

const group =
  '/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop-web';

/** The most listeners of one event that any connection of this process has had, the server's among them. */
let most = { event: '', count: 0 };
const warnings: string[] = [];
type On = (this: Socket, event: string, listener: () => void) => Socket;
const on = Reflect.get(Socket.prototype, 'on') as On; // one of its overloads is for every event

const countListeners: On = function (event, listener) {
  on.call(this, event, listener);
  const count = this.listenerCount(event);
  if (count > most.count) {
    most = { event, count };
  }
  return this;
};

let emulator: Emulator;
let proxy: Proxy;
before(async () => {
  Reflect.set(Socket.prototype, 'on', countListeners);
  process.on('warning', ({ message }) => warnings.push(message));
  emulator = await startEmulator();
  proxy = await startProxy();
  trust(emulator);
});
after(async () => {
  Reflect.set(Socket.prototype, 'on', on);
  proxy.close();
  await emulator.close();
});

const quietly = (work: Promise<unknown>) => work.catch(() => undefined);

/** All that may happen to a connection that is used again and again. */
const uses: Readonly<Record<string, (client: ResourceManagerClient) => Promise<unknown>>> = {
  'one request after the other': async (client) => {
    for (let round = 0; round < 30; round++) {
      await operations['a container group']?.call(client);
    }
  },
  'many requests at a time': (client) =>
    Promise.all(
      Array.from({ length: 20 }, () =>
        Object.values(operations).map(({ call }) => quietly(call(client))),
      ).flat(),
    ),
  'requests that are cancelled': async (client) => {
    await operations['a container group']?.call(client); // on a slow machine all others may end before they connect
    for (let round = 0; round < 30; round++) {
      const controller = new AbortController();
      const asked = Array.from({ length: 10 }, () =>
        quietly(client.containerGroups.get(group, controller.signal)),
      );
      setTimeout(() => controller.abort(), round % 10);
      await Promise.all(asked);
    }
  },
  'answers that break off': async (client) => {
    for (const kind of ['reset', 'half'] as const) {
      emulator.addFault({ operation: 'exec', kind, times: 15 });
      for (let round = 0; round < 15; round++) {
        await assert.rejects(operations['exec']?.call(client) ?? Promise.resolve());
      }
    }
  },
  'sessions, one after the other': async (client) => {
    for (let round = 0; round < 15; round++) {
      await runSession(client);
    }
  },
  'sessions that are refused': async (client) => {
    emulator.addFault({ operation: 'socket', kind: 'refuse', status: 403, times: 15 });
    for (let round = 0; round < 15; round++) {
      await assert.rejects(runSession(client));
    }
  },
};

function runSession(client: ResourceManagerClient): Promise<unknown> {
  const { signal } = new AbortController();
  const session = new ExecSession({
    pace: inputPace('Linux'),
    connectTimeoutMs: 30_000,
    keepAliveMs: 10,
    signal,
  });
  session.onDidChangeState((state) => state === 'open' && session.write('exit\r'));
  return session.run(() => operations['exec']?.call(client) as Promise<ExecEndpoint>); // what exec gives
}

describe('the listeners on one connection stay few', () => {
  for (const way of ['directly', 'through a proxy'] as const) {
    for (const [use, run] of Object.entries(uses)) {
      it(`${use}, ${way}`, async () => {
        if (way === 'through a proxy') {
          process.env['HTTPS_PROXY'] = proxy.url;
        } else {
          delete process.env['HTTPS_PROXY'];
        }
        emulator.reset();
        most = { event: '', count: 0 };
        await run(clientOf(emulator));
        assert.ok(most.count > 0 && most.count <= 8, JSON.stringify(most));
        assert.deepEqual(
          warnings.filter((text) => text.includes('listeners')),
          [],
        );
      });
    }
  }
});
