import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { ExecTerminal } from '../../src/ui/terminal/execTerminal.ts';
import type { Fault } from '../emulator/faults.ts';
import { createTls } from '../emulator/tls.ts';
import {
  addFault,
  changeGroup,
  clearFaults,
  endContainers,
  openSessions,
  reset,
} from '../support/control.ts';
import { ResourceWatch, type Resources } from './resources.ts';
import { closeTerminals, terminal, until, web, type Screen } from './terminals.ts';

interface Row {
  readonly name: string;
  readonly faults: () => readonly Fault[];
  /** What the user does or what happens once the shell is there; nothing where the fault comes before. */
  readonly meanwhile?: (pty: ExecTerminal) => Promise<void>;
  /** The far end reads nothing any more, so it cannot learn of the end. */
  readonly halfOpen?: boolean;
  /** The line that the user sees. */
  readonly line: RegExp;
}

const socket = { operation: 'socket' } as const;

/** The exec address of the next session, in place of the simulated one. */
function address(webSocketUri: string): readonly Fault[] {
  return [{ operation: 'exec', kind: 'fields', fields: { webSocketUri } }];
}

const firewall = /Cannot reach 127\.0\.0\.1:(\d+) \(\w.*\)\. Exec needs port \1 besides 443/;

describe('faults of an exec session', () => {
  let watch: ResourceWatch;
  let untrusted = '';
  let silent = '';
  const servers: Server[] = [];
  let tlsFolder = '';
  const settings = vscode.workspace.getConfiguration('containerInstances');

  before(async () => {
    watch = new ResourceWatch();
    const tls = await createTls();
    tlsFolder = tls.folder;
    servers.push(createTlsServer(tls), createServer());
    const ports: number[] = [];
    for (const server of servers) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      ports.push((server.address() as AddressInfo).port); // it listens on TCP
    }
    untrusted = `wss://127.0.0.1:${ports[0] ?? 0}/execstream/sessionId/1?rows=24`;
    silent = `wss://127.0.0.1:${ports[1] ?? 0}/execstream/sessionId/1?rows=24`;
    await settings.update('exec.keepAliveSeconds', 1, vscode.ConfigurationTarget.Global);
    await settings.update('exec.connectTimeoutSeconds', 3, vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    watch.dispose();
    await settings.update('exec.keepAliveSeconds', undefined, vscode.ConfigurationTarget.Global);
    await settings.update('exec.connectTimeoutSeconds', undefined, vscode.ConfigurationTarget.Global);
    servers.forEach((server) => server.close());
    await rm(tlsFolder, { recursive: true });
  });
  beforeEach(reset);
  afterEach(closeTerminals);

  const refused = (status: number, line: RegExp): Row => ({
    name: `HTTP ${status} at the upgrade`,
    faults: () => [{ ...socket, kind: 'refuse', status }],
    line,
  });
  const closed = (code: number, line: RegExp): Row => ({
    name: `close code ${code}`,
    faults: () => [{ ...socket, kind: 'close', code }],
    line,
  });

  const rows: readonly Row[] = [
    refused(503, firewall),
    refused(
      401,
      /Cannot reach 127\.0\.0\.1:\d+ \(HTTP 401\)\. The service, or a proxy in between, does not allow/,
    ),
    refused(
      403,
      /Cannot reach 127\.0\.0\.1:\d+ \(HTTP 403\)\. The service, or a proxy in between, does not allow/,
    ),
    refused(
      407,
      /Cannot reach 127\.0\.0\.1:\d+ \(HTTP 407\)\. The proxy asks for a user name and password\. Check .* "http\.proxy"/,
    ),
    {
      name: 'TLS not trusted',
      faults: () => address(untrusted),
      line: /Cannot reach 127\.0\.0\.1:\d+ \([A-Z_]+\)\. Its certificate is not trusted\. If a proxy inspects TLS/,
    },
    {
      name: 'DNS failure',
      faults: () => address('wss://no-such-host.invalid:19390/execstream/sessionId/1'),
      line: /Cannot reach no-such-host\.invalid:19390 \((ENOTFOUND|EAI_AGAIN)\)\. Its name was not found/,
    },
    {
      name: 'no answer in time',
      faults: () => address(silent),
      line: /Cannot reach 127\.0\.0\.1:(\d+) \(ETIMEDOUT\)\. Exec needs port \1 besides 443/,
    },
    { name: 'the upgrade is cut', faults: () => [{ ...socket, kind: 'reset' }], line: firewall },
    {
      name: 'drop after open',
      faults: () => [{ ...socket, kind: 'drop', afterBytes: 20 }],
      line: /Connection lost \(1006\)\. Check the network\./,
    },
    {
      name: 'stall: the other side answered pings and stopped',
      faults: () => [{ ...socket, kind: 'stall', afterBytes: 20 }],
      halfOpen: true,
      line: /Connection lost: the other side no longer answers/,
    },
    {
      name: 'garbage frame',
      faults: () => [{ ...socket, kind: 'garbage' }],
      line: /Connection lost: what arrived was no terminal output \(WS_ERR_\w+\)/,
    },
    {
      name: 'oversized frame',
      faults: () => [{ ...socket, kind: 'oversized' }],
      line: /Connection lost: what arrived was no terminal output \(WS_ERR_UNSUPPORTED_MESSAGE_LENGTH\)/,
    },
    closed(1000, /Session ended\./),
    closed(1001, /Azure closed the session \(close code 1001\)/),
    {
      name: 'close code 1006',
      faults: () => [{ ...socket, kind: 'drop' }],
      line: /Connection lost \(1006\)/,
    },
    closed(1008, /Azure refused the session \(close code 1008\)/),
    closed(1011, /Azure closed the session \(close code 1011\)/),
    {
      name: 'the group is stopped while open',
      faults: () => [],
      meanwhile: () => endContainers(web, 137),
      line: /Container "shop-web" is not running: Terminated, exit code 137/,
    },
    {
      name: 'the container is restarted while open',
      faults: () => [],
      meanwhile: async (pty) => {
        await changeGroup(web, { state: 'Running' }); // a new start, which takes the old session along
        pty.handleInput('exit\r');
      },
      line: /Container "shop-web" was restarted\./,
    },
  ];

  const prompt = /SandboxHost.*# $/;

  /** Enter gives a shell, in the same terminal. */
  async function expectEnterWorks(pty: vscode.Pseudoterminal, screen: Screen): Promise<void> {
    await clearFaults();
    await changeGroup(web, { state: 'Running' });
    screen.text = '';
    pty.handleInput?.('\r');
    await screen.matches(prompt);
    assert.equal(screen.name, 'shop-web');
  }

  for (const { name, faults, meanwhile, line, halfOpen } of rows) {
    it(name, async () => {
      for (const fault of faults()) {
        await addFault(fault);
      }
      const { pty, screen } = await terminal(web, ['/bin/bash']);
      watch.begin();
      pty.open({ columns: 80, rows: 24 });
      if (meanwhile !== undefined) {
        await screen.matches(prompt);
        await meanwhile(pty);
      }
      await screen.matches(new RegExp(`${line.source}.*Press Enter to start a new session\\.`));
      assert.equal(screen.name, 'ended: shop-web');
      assert.doesNotMatch(screen.text, /rows=|\[\[EOM\]\]|eyJ/);
      if (halfOpen !== true) {
        await until(async () => (await openSessions()) === 0);
      }
      await expectNothing(watch);
      await expectEnterWorks(pty, screen);
    });
  }

  it('what is counted as left shows', () => {
    watch.begin();
    const socket = connect(new URL(silent).port);
    const { signal } = new AbortController();
    signal.addEventListener('abort', () => undefined);
    const timer = setTimeout(() => undefined, 60_000);
    assert.deepEqual(watch.left(), { sockets: 1, listeners: 1, timers: 1 });
    socket.destroy();
    clearTimeout(timer);
  });

  it('a token that has expired between two sessions is renewed', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(prompt);
    pty.handleInput('exit\r');
    await screen.matches(/Session ended\..*Press Enter/);
    await addFault({
      operation: 'get',
      kind: 'status',
      status: 401,
      code: 'ExpiredAuthenticationToken',
      message: 'The access token has expired.',
    });
    screen.text = '';
    pty.handleInput('\r');
    await screen.matches(prompt);
  });

  it('a window closed while it connects leaves nothing', async () => {
    for (const fault of address(silent)) {
      await addFault(fault);
    }
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    watch.begin();
    pty.open({ columns: 80, rows: 24 });
    const [server] = servers.slice(1);
    assert.ok(server);
    await Promise.all([once(server, 'connection'), screen.matches(/Connecting/)]);
    pty.close();
    await expectNothing(watch);
    assert.doesNotMatch(screen.text, /Press Enter/);
  });
});

/** Waits a while for what goes by itself, then says what is left. */
async function expectNothing(watch: ResourceWatch): Promise<void> {
  const nothing: Resources = { sockets: 0, listeners: 0, timers: 0 };
  const end = Date.now() + 60_000;
  while (Date.now() < end && !isDeepStrictEqual(watch.left(), nothing)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(watch.left(), nothing);
}
