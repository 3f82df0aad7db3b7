import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { addFault, openSessions, reset } from '../support/control.ts';
import {
  alpine,
  closeTerminals,
  execs,
  orders,
  sttyLess,
  terminal,
  until,
  web,
  windows,
  type OpenOptions,
  type Screen,
} from './terminals.ts';

const size = { columns: 80, rows: 24 };
const fixedLine = /This session stays at 80×24\. "Reconnect at This Size" starts a new one\./g;

describe('live resize', () => {
  beforeEach(reset);
  afterEach(closeTerminals);

  async function shell(group: string, command: string, prompt: RegExp, options: OpenOptions = {}) {
    const opened = await terminal(group, [command], options);
    opened.pty.open(size);
    await opened.screen.matches(prompt);
    return opened;
  }

  const bash = () => shell(web, '/bin/bash', /SandboxHost.*# $/);

  it('the program in the terminal learns each new size; the shell sees nothing of it', async () => {
    const { pty, screen } = await bash();
    pty.handleInput('set -o history; HISTFILE=/dev/null\r');
    // Rows and columns come one after the other, and a trap may miss the second signal: so it looks a moment later.
    pty.handleInput(
      '(trap \'sleep 0.1; echo "<$(stty size)>"\' WINCH; sleep 60 & while wait; [ $? -gt 128 ]; do :; done)\r',
    );
    pty.setDimensions({ columns: 81, rows: 24 }); // on the way to the last one: the panel is being dragged
    pty.setDimensions({ columns: 132, rows: 43 });
    await screen.matches(/<43 132>/);
    pty.setDimensions({ columns: 60, rows: 12 });
    await screen.matches(/<12 60>/);
    pty.setDimensions({ columns: 60, rows: 12 });
    pty.handleInput('\x03');
    pty.handleInput('history; echo "[$(stty size)]"\r');
    await screen.matches(/\[12 60\]/);
    assert.doesNotMatch(screen.text, /7791|pts|<24 81>/);
    assert.doesNotMatch(screen.text, fixedLine);
    assert.equal(await execs(), 2);
  });

  it('of three sessions of one size in a container, each follows its own terminal', async () => {
    const sessions = await Promise.all([bash(), bash(), bash()]);
    // Rows and columns come one after the other, and a trap may miss the second signal: so the size is looked at over and over.
    const watch =
      'until stty size | tee /dev/stderr | grep -q "^3. 10."; do sleep 0.05; done; echo "[$(stty size)]"\r';
    sessions.forEach(({ pty }) => pty.handleInput(watch));
    const sizes = [
      { columns: 101, rows: 31 },
      { columns: 102, rows: 32 },
      { columns: 103, rows: 33 },
    ];
    sessions.forEach(({ pty }, index) => pty.setDimensions(sizes[index] ?? size));
    await Promise.all(sessions.map(({ screen }) => screen.matches(/\[3\d 10\d\]/)));
    sessions.forEach(({ screen }, index) => {
      const told = new Set(screen.text.match(/\b3\d 10\d\b/g));
      assert.deepEqual([...told], [`3${index + 1} 10${index + 1}`]);
      assert.doesNotMatch(screen.text, /7791/);
    });
  });

  it('a size that changed while the session was being started is applied', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open(size);
    await screen.matches(/Connecting/);
    while ((await execs()) === 0) {
      // the POST with the first size is still on its way
    }
    pty.setDimensions({ columns: 90, rows: 30 });
    await screen.matches(/# $/);
    await until(async () => (await execs()) === 2);
    pty.handleInput('while [ "$(stty size)" = "24 80" ]; do sleep 0.1; done; echo "<$(stty size)>"\r');
    await screen.matches(/<30 90>/);
  });

  it('a first shell that is not in the image resizes nothing and says nothing', async () => {
    const { pty, screen } = await terminal(alpine, ['/bin/bash', '/bin/sh']);
    pty.open(size);
    await until(async () => (await execs()) === 1);
    pty.setDimensions({ columns: 90, rows: 30 });
    await screen.matches(/# $/);
    pty.handleInput('echo "<$(stty size)>"\r');
    await screen.matches(/<30 90>/);
    pty.setDimensions({ columns: 91, rows: 31 });
    pty.handleInput('while [ "$(stty size)" = "30 90" ]; do sleep 0.1; done; echo "<$(stty size)>"\r');
    await screen.matches(/<31 91>/);
    assert.equal(await execs(), 3);
    assert.doesNotMatch(screen.text, fixedLine);
  });

  it('closing the terminal closes its socket and the hidden one at once', async () => {
    const { pty, screen } = await bash();
    pty.setDimensions({ columns: 90, rows: 30 });
    pty.handleInput('while [ "$(stty size)" = "24 80" ]; do sleep 0.1; done; echo "<$(stty size)>"\r');
    await screen.matches(/<30 90>/);
    await until(async () => (await openSessions()) === 2);
    pty.close();
    await until(async () => (await openSessions()) === 0);
  });

  /** The line comes once, and both session and "Reconnect at This Size" work. */
  async function expectFixed(
    { pty, screen }: Awaited<ReturnType<typeof bash>>,
    echo: string,
    answer: RegExp,
  ) {
    pty.setDimensions({ columns: 90, rows: 30 });
    await screen.matches(new RegExp(fixedLine.source));
    pty.setDimensions({ columns: 91, rows: 31 });
    pty.handleInput(echo);
    await screen.matches(answer);
    assert.equal(screen.text.match(fixedLine)?.length, 1);
  }

  async function expectReconnect(pty: { reconnect(): void }, screen: Screen, prompt: RegExp) {
    screen.text = '';
    pty.reconnect();
    await screen.matches(prompt);
    assert.doesNotMatch(screen.text, /Press Enter/);
  }

  it('no stty: one line, and the session works', async () => {
    const opened = await shell(sttyLess, '/bin/bash', /SandboxHost.*# $/);
    await expectFixed(opened, 'echo "<$((6*7))>"\r', /<42>/);
  });

  it('no /bin/sh: one line, and the session works; reconnecting takes the size along', async () => {
    const opened = await shell(orders, '/bin/bash', /SandboxHost.*# $/, { container: 'log-shipper' });
    await expectFixed(opened, 'stty size; echo "<$((6*7))>"\r', /24 80\r\n<42>/);
    await expectReconnect(opened.pty, opened.screen, /SandboxHost.*# $/);
    opened.pty.handleInput('echo "<$(stty size)>"\r');
    await opened.screen.matches(/<31 91>/);
    assert.equal(opened.screen.name, 'log-shipper');
  });

  it('exec refused for the side session: one line, and the session works', async () => {
    const opened = await bash();
    await addFault({
      operation: 'exec',
      kind: 'status',
      status: 403,
      code: 'AuthorizationFailed',
      message: 'no',
    });
    await expectFixed(opened, 'echo "<$((6*7))>"\r', /<42>/);
    assert.equal(await execs(), 2);
  });

  it('a side session that hangs is replaced, but only once', async () => {
    const opened = await Promise.all([bash(), shell(orders, '/bin/bash', /SandboxHost.*# $/)]);
    const [{ pty, screen }, stuck] = opened;
    await addFault({ operation: 'socket', path: web, kind: 'stall' });
    await addFault({ operation: 'socket', path: orders, kind: 'stall', times: 2 });
    pty.handleInput('while [ "$(stty size)" = "24 80" ]; do sleep 0.1; done; echo "<$(stty size)>"\r');
    pty.setDimensions({ columns: 90, rows: 30 });
    const line = new Promise<void>((resolve) => {
      stuck.pty.onDidWrite((text) => text.includes('This session stays') && resolve());
    });
    stuck.pty.setDimensions({ columns: 90, rows: 30 });
    await screen.matches(/<30 90>/);
    await line; // it takes longer than anything else here
    await expectFixed(stuck, 'echo "<$((6*7))>"\r', /<42>/);
    assert.doesNotMatch(screen.text, fixedLine);
    assert.equal(await execs(), 6);
  });

  it('Windows: one line, no side session, and the session works', async () => {
    const opened = await shell(windows, 'cmd.exe', /C:\\>$/);
    await expectFixed(opened, 'echo forty-two\r', /\r\nforty-two/);
    assert.equal(await execs(), 1);
  });

  it('the line waits for a full-screen program to leave', async () => {
    const { pty, screen } = await shell(orders, '/bin/bash', /SandboxHost.*# $/, {
      container: 'log-shipper',
    });
    pty.handleInput("printf '\\033[?1049h<full>'; read x; printf '\\033[?1049l'\r");
    await screen.matches(/1049h<full>/);
    pty.setDimensions({ columns: 90, rows: 30 });
    await until(async () => (await execs()) === 2 && (await openSessions()) === 1);
    assert.doesNotMatch(screen.text, fixedLine);
    pty.handleInput('\r');
    await screen.matches(new RegExp(`1049l[^]*${fixedLine.source}`));
  });

  it('the same dimensions again start nothing', async () => {
    const { pty, screen } = await bash();
    for (let repeat = 0; repeat < 5; repeat++) {
      pty.setDimensions({ ...size });
    }
    pty.setDimensions({ columns: 79, rows: 23 }); // the panel is animated, and comes back
    pty.setDimensions({ ...size });
    pty.handleInput('sleep 0.5; echo "<$(stty size)>"\r');
    await screen.matches(/<24 80>/);
    assert.equal(await execs(), 1);
  });

  it('is off when the setting says so', async () => {
    const settings = vscode.workspace.getConfiguration('containerInstances');
    await settings.update('exec.liveResize', false, vscode.ConfigurationTarget.Global);
    try {
      const { pty, screen } = await bash();
      pty.setDimensions({ columns: 90, rows: 30 });
      pty.handleInput('sleep 0.5; echo "<$(stty size)>"\r');
      await screen.matches(/<24 80>/);
      assert.equal(await execs(), 1);
      assert.doesNotMatch(screen.text, fixedLine);
    } finally {
      await settings.update('exec.liveResize', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
