import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { toContainerGroup } from '../../src/azure/containerGroups.ts';
import { AzureClient } from '../../src/azure/azureClient.ts';
import { cloudFromSettings } from '../../src/azure/clouds.ts';
import { AzureError } from '../../src/azure/errors.ts';
import { plainCommandLine } from '../../src/exec/commandLine.ts';
import { RemoteShells } from '../../src/exec/remoteShell/remoteShells.ts';
import { RemoteShellUnavailable } from '../../src/exec/remoteShell/errors.ts';
import { Inventory } from '../../src/inventory/inventory.ts';
import { customEnvironment } from '../emulator/customEnvironment.ts';
import type { Random } from '../emulator/random.ts';
import { Log, settings } from '../support/vscode.ts';
import { inTime, type CaseContext, type FuzzCase } from './cases.ts';
import { inFastTime } from './fastTime.ts';
import { answerOddly, hostileTexts, pick, randomBytes } from './mutations.ts';

const { ExecTerminal } = await import('../../src/ui/terminal/execTerminal.ts');

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/shop';
const ignore = () => undefined;
const log = new Log({ trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore });

const events = [
  'key',
  'resize',
  'reconnect',
  'settings',
  'sign-out',
  'sign-in',
  'wait',
  'wait',
  'wait',
] as const;

const groupIn = (state: string) => ({
  id,
  location: 'westeurope',
  properties: {
    provisioningState: 'Succeeded',
    osType: 'Linux',
    containers: [
      {
        name: 'web',
        properties: {
          image: 'nginx',
          instanceView: { currentState: { state }, restartCount: 0, events: [] },
        },
      },
    ],
  },
});
const running = groupIn('Running');
const groups = [running, groupIn('Waiting'), groupIn('Terminated')] as const;

type Choice = readonly [name: string, values: readonly [unknown, ...(readonly unknown[])]];
type Choices = readonly [Choice, ...(readonly Choice[])];

/** What a user may have set while a terminal is open, sense or nonsense. */
const choices: Choices = [
  ['containerInstances.exec.connectTimeoutSeconds', [1, 30, -5, 'soon', undefined]],
  ['containerInstances.exec.keepAliveSeconds', [0, 1, 'never', undefined]],
  ['containerInstances.exec.liveResize', [true, false, 'yes']],
  ['containerInstances.exec.shellIntegration', [true, false, 'yes']],
  ['terminal.integrated.scrollback', [0, 1_000, 'much', undefined]],
  ['terminal.integrated.tabStopWidth', [8, 0, 'wide', undefined]],
];

/** A shell that writes whatever comes, and ends when it likes. */
async function serve(random: Random, socket: WebSocket): Promise<void> {
  for (let frame = 0, frames = random.below(8); frame < frames; frame++) {
    socket.send(
      random.below(2) === 0
        ? Buffer.from(pick(random, hostileTexts))
        : randomBytes(random, random.below(2_000)),
    );
    await delay(random.below(4));
  }
  if (random.below(2) === 0) {
    socket.close(1000);
  }
}

/**
 * Opening, keys, sizes, Reconnect, other settings, another account and closing, in any order, on any answers: the terminal
 * always says something or runs, takes a new session afterwards, and once it is closed nothing of it is left.
 */
export const execTerminals: FuzzCase = (context) => inFastTime(() => attack(context));

async function attack({ random, server, count }: CaseContext): Promise<void> {
  const sockets = new WebSocketServer({ noServer: true });
  const serving: Promise<void>[] = [];
  let isOdd = true;
  server.behaviour = {
    request: ({ url = '' }, _body, response) => {
      if (isOdd && random.below(3) === 0) {
        answerOddly(random, {}, response);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      const endpoint = { webSocketUri: `wss://${server.host}/exec?a=b`, password: 'secret' };
      response.end(
        JSON.stringify(url.includes('/exec?') ? endpoint : isOdd ? pick(random, groups) : running),
      );
    },
    upgrade: (request, socket, head) => {
      if (isOdd && random.below(6) === 0) {
        socket.destroy();
        return;
      }
      sockets.handleUpgrade(request, socket, head, (opened) => {
        opened.on('error', () => opened.terminate());
        if (isOdd) {
          serving.push(serve(random, opened));
        } else {
          opened.send('at last');
        }
      });
    },
  };
  const cloud = cloudFromSettings('custom', customEnvironment(`https://${server.host}`));
  const token = { token: 't', expiresOnTimestamp: Date.now() + 3_600_000 };
  const clientOf = () => {
    const credential = () => Promise.resolve({ getToken: () => Promise.resolve(token) });
    return new AzureClient(
      cloud,
      [{ id: 'a', label: 'a', kind: 'azureCli', manyTenants: false, credential }],
      { timeoutSeconds: 10 },
    );
  };
  let client: AzureClient | undefined = clientOf();
  const azure = () =>
    client === undefined ? Promise.reject(new AzureError({ kind: 'notSignedIn' })) : Promise.resolve(client);
  const inventory = new Inventory(azure);
  const remoteShells = new RemoteShells(() => Promise.reject(new RemoteShellUnavailable('noAnswer')));
  const group = toContainerGroup(running.properties, id);
  const container = group.containers[0] ?? assert.fail();
  const commands = ['/bin/bash', '/bin/sh'].map(plainCommandLine);
  const terminal = new ExecTerminal(
    { group, container, name: 'web', commands },
    { azure, inventory, remoteShells, log, onStarted: ignore, onHost: ignore },
  );
  let written = '';
  terminal.onDidWrite((text) => (written += text));
  terminal.open(random.below(2) === 0 ? undefined : { columns: 80, rows: 30 });
  for (let step = 0, steps = random.below(16); step < steps; step++) {
    const event = pick(random, events);
    count(event);
    switch (event) {
      case 'key':
        terminal.handleInput(
          pick(random, ['\r', '\x03', 'k', '\x1b[8;24;80t', ...hostileTexts]).slice(0, 2_000),
        );
        break;
      case 'resize':
        terminal.setDimensions({ columns: random.below(300), rows: random.below(100) });
        break;
      case 'reconnect':
        terminal.reconnect();
        break;
      case 'settings': {
        const [name, values] = pick(random, choices);
        settings.set(name, pick(random, values));
        break;
      }
      case 'sign-out':
        client = undefined;
        inventory.reset();
        break;
      case 'sign-in':
        client = clientOf();
        inventory.reset();
        break;
      case 'wait':
        await delay(random.below(20));
    }
  }
  settings.clear();
  const isClosedAtOnce = random.below(4) === 0;
  if (!isClosedAtOnce) {
    isOdd = false;
    client = clientOf();
    written = '';
    const shown = Promise.withResolvers<undefined>();
    const listener = terminal.onDidWrite(() => written.includes('at last') && shown.resolve(undefined));
    terminal.reconnect();
    await inTime(shown.promise);
    listener.dispose();
  }
  count(isClosedAtOnce ? 'closed at once' : 'closed');
  const allClosed = Promise.all([...sockets.clients].map((socket) => closed(socket)));
  terminal.close();
  written = '';
  await inTime(allClosed);
  await inTime(Promise.all(serving));
  assert.equal(written, '');
  sockets.clients.forEach((socket) => socket.terminate()); // one that came too late
  sockets.close();
  inventory.dispose();
  remoteShells.dispose();
}

async function closed(socket: WebSocket): Promise<void> {
  if (socket.readyState !== socket.CLOSED) {
    await once(socket, 'close');
  }
}
