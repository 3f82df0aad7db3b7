import assert from 'node:assert/strict';
import dns from 'node:dns';
import * as vscode from 'vscode';
import { addFault, openSessions, reset } from '../support/control.ts';
import { startProxy, type Proxy } from './proxy.ts';
import { closeTerminals, shellLess, terminal, until, web } from './terminals.ts';

const names = ['exec.azure.test', 'management.azure.test'];

describe('behind a proxy that wants a name and a password', () => {
  const http = vscode.workspace.getConfiguration('http');
  const set = (name: string, value: unknown) => http.update(name, value, vscode.ConfigurationTarget.Global);
  let proxy: Proxy;

  before(async () => {
    proxy = await startProxy();
  });
  after(async () => {
    await set('proxy', undefined);
    proxy.close();
  });
  beforeEach(async () => {
    await reset();
    await set('proxy', proxy.url);
    proxy.allowed = [];
    proxy.refused = '';
  });
  afterEach(closeTerminals);

  async function shell() {
    const opened = await terminal(web, ['/bin/bash']);
    opened.pty.open({ columns: 80, rows: 24 });
    await opened.screen.matches(/SandboxHost.*# $/);
    opened.pty.handleInput('echo "<$((6*7))>"\r');
    await opened.screen.matches(/<42>/);
    return opened;
  }

  it('is the only way: nobody else knows the names', async () => {
    for (const name of names) {
      await assert.rejects(dns.promises.lookup(name));
    }
  });

  it('the packaged extension signs in, asks Azure and opens a shell', async () => {
    // Its image has no shell.
    const odd = { kind: 'status', status: 400, code: 'Odd', message: 'no' } as const;
    await addFault({ ...odd, operation: 'get', path: shellLess, times: 'always' });
    let opened: vscode.Terminal | undefined;
    const listener = vscode.window.onDidOpenTerminal((terminal) => (opened = terminal));
    try {
      void vscode.commands.executeCommand('containerInstances.exec');
      await until(async () => {
        // Enter, until the picker has something to take.
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return opened !== undefined;
      });
      await until(async () => (await openSessions()) === 1);
      assert.deepEqual([...new Set(proxy.allowed)].toSorted(), names);
      opened?.sendText('exit');
      await until(async () => (await openSessions()) === 0);
      await until(() => opened?.name.startsWith('ended: ') === true);
    } finally {
      listener.dispose();
      opened?.dispose();
    }
  });

  it('a session passes it, and nobody sees its password', async () => {
    const { screen } = await shell();
    assert.deepEqual([...new Set(proxy.allowed)].toSorted(), names);
    assert.doesNotMatch(screen.text, /proxy-password/);
  });

  it('a wrong password: a line says what is wanted, and Enter works once it is right', async () => {
    const { pty, screen } = await shell();
    pty.handleInput('exit\r');
    await screen.matches(/Press Enter/);
    await set('proxy', proxy.wrongUrl);
    screen.text = '';
    pty.handleInput('\r');
    const text = await screen.matches(/Press Enter/);
    assert.match(
      text,
      /Cannot reach management\.azure\.test:\d+ \(HTTP 407\)\. The proxy asks for a user name and password.*"http\.proxy"/,
    );
    assert.doesNotMatch(text, /wrong-password/);
    await set('proxy', proxy.url);
    screen.text = '';
    pty.handleInput('\r');
    await screen.matches(/SandboxHost.*# $/);
  });

  it('a proxy that refuses the port of exec: the line names host and port', async () => {
    proxy.refused = 'exec.azure.test';
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(
      /Cannot reach exec\.azure\.test:\d+ \(HTTP 403\)\. The service, or a proxy in between, does not allow/,
    );
  });

  it('what http.noProxy names is reached without it', async () => {
    // Without the proxy the names have to be known.
    const { lookup } = dns;
    const known = (host: string) => (names.includes(host) ? '127.0.0.1' : host);
    dns.lookup = Object.assign(
      (host: string, ...rest: readonly unknown[]) => void Reflect.apply(lookup, dns, [known(host), ...rest]),
      { __promisify__: lookup.__promisify__ },
    );
    await set('noProxy', ['.azure.test']);
    try {
      await shell();
      assert.deepEqual(proxy.allowed, []);
    } finally {
      await set('noProxy', undefined);
      dns.lookup = lookup;
    }
  });
});
