import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { Azure } from '../../src/azure/azure.ts';
import { cloud } from '../../src/ui/settings.ts';
import { credentialAccount } from '../../src/azure/credentials.ts';
import { Inventory } from '../../src/azure/inventory.ts';
import { plainCommand } from '../../src/exec/command.ts';
import { Log } from '../../src/ui/log.ts';
import { ExecTerminal } from '../../src/ui/terminal/execTerminal.ts';
import { firehoseText } from '../emulator/firehose.ts';
import type { Fault } from '../emulator/faults.ts';
import { addFault, endContainers, openSessions, requests, reset } from './control.ts';

const production = '/subscriptions/11111111-0001-4000-8000-000000000001';
const development = '/subscriptions/11111111-0002-4000-8000-000000000002';
const provider = 'providers/Microsoft.ContainerInstance/containerGroups';
const web = `${production}/resourceGroups/rg-shop/${provider}/shop-web`;
const alpine = `${development}/resourceGroups/rg-dev-anna/${provider}/cache`;
const shellLess = `${development}/resourceGroups/rg-dev/${provider}/metrics`;

/** Everything that a terminal has written, and a way to wait for it. */
class Screen {
  text = '';
  private readonly changed = new vscode.EventEmitter<void>();

  constructor(pty: vscode.Pseudoterminal) {
    pty.onDidWrite((data) => {
      this.text += data;
      this.changed.fire();
    });
  }

  async matches(pattern: RegExp): Promise<string> {
    // Only the end is looked at: after megabytes, the whole would take seconds.
    while (!pattern.test(this.text.slice(-20_000))) {
      await new Promise<void>((resolve) => {
        const listener = this.changed.event(() => {
          listener.dispose();
          resolve();
        });
      });
    }
    return this.text;
  }
}

describe('ExecTerminal', () => {
  let manager: Azure;
  const channel = vscode.window.createOutputChannel('Exec tests', { log: true });
  const open: ExecTerminal[] = [];
  before(() => {
    manager = new Azure(cloud(), [credentialAccount('environment', cloud(), process.env)]);
  });
  beforeEach(reset);
  afterEach(() => {
    for (const terminal of open.splice(0)) {
      terminal.close();
    }
  });

  async function terminal(
    groupId: string,
    commands: readonly string[],
    started: string[] = [],
    log = new Log(channel),
  ) {
    const azure = () => Promise.resolve(manager);
    const inventory = new Inventory(azure);
    const group = await inventory.freshContainerGroup(groupId, new AbortController().signal);
    const container = group.containers[0]?.name ?? '';
    const pty = new ExecTerminal(
      { group, container, commands: commands.map(plainCommand), name: container },
      { azure, inventory, log, onStarted: (_image, { shown }) => started.push(shown) },
    );
    open.push(pty);
    return { pty, screen: new Screen(pty) };
  }

  const execs = async () => (await requests()).filter(({ operation }) => operation === 'exec').length;

  it('10 MB of mixed multi-byte text, cut anywhere, arrive exactly', async () => {
    const bytes = 10_000_000;
    const { pty, screen } = await terminal(web, [`firehose ${bytes} 3`]);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/Session ended\./);
    const start = screen.text.indexOf('\x1b[2K') + '\x1b[2K'.length;
    const end = screen.text.lastIndexOf('\x1b[?1047l');
    const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
    assert.equal(hash(screen.text.slice(start, end)), hash(firehoseText(bytes, 3)));
  });

  it('waits for the dimensions, and the shell has just those', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open(undefined);
    pty.setDimensions({ columns: 101, rows: 37 });
    pty.handleInput('stty size; echo "<$((6*7))>"\r'); // typed before the session is open
    await screen.matches(/37 101\r\n<42>/);
  });

  it('bash is not in the image: sh opens, and is remembered', async () => {
    const started: string[] = [];
    const { pty, screen } = await terminal(alpine, ['/bin/bash', '/bin/sh'], started);
    pty.open({ columns: 80, rows: 24 });
    pty.handleInput('echo "<$((6*7))>"\r');
    await screen.matches(/<42>/);
    assert.deepEqual(started, ['/bin/sh']);
    assert.doesNotMatch(screen.text, /executable file not found/);
    assert.equal(await execs(), 2);
  });

  it('no shell in the image: one clear line, no endless retry, Enter tries again', async () => {
    const { pty, screen } = await terminal(shellLess, ['/bin/bash', '/bin/sh']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/has none of these commands: \/bin\/bash, \/bin\/sh.*Press Enter/);
    assert.equal(await execs(), 2);
    screen.text = '';
    pty.handleInput('\r');
    await screen.matches(/has none of these commands/);
    assert.equal(await execs(), 4);
  });

  it('the end is said, and Enter starts a new session in the same terminal', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/SandboxHost/);
    pty.handleInput('exit\r');
    await screen.matches(/Session ended\. Press Enter to start a new session\./);
    screen.text = '';
    pty.handleInput('\r');
    await screen.matches(/SandboxHost/);
    assert.equal(await execs(), 2);
  });

  it('Enter starts nothing in a container that has ended meanwhile: it says so', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/SandboxHost/);
    await endContainers(web, 137);
    await screen.matches(/Press Enter/);
    screen.text = '';
    pty.handleInput('\r');
    await screen.matches(/"shop-web" is not running: Terminated, exit code 137.*Press Enter/);
    assert.equal(await execs(), 1);
  });

  it('a dropped socket is told as lost', async () => {
    await addFault({ operation: 'socket', kind: 'drop', afterBytes: 1 });
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/Connection lost \(1006\)/);
  });

  it('a terminal closed while it connects leaves nothing behind', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/Connecting to shop-web in shop-web…/);
    pty.close();
    assert.equal(await openSessions(), 0);
    const { pty: second, screen: shell } = await terminal(web, ['/bin/bash']);
    second.open({ columns: 80, rows: 24 });
    await shell.matches(/SandboxHost/);
    assert.equal(await openSessions(), 1);
    second.close();
  });

  it('no fault brings a token, a password or the query of an address to the screen or the log', async () => {
    const logged: string[] = [];
    const note = (text: string) => logged.push(text);
    const faults: Fault[] = [
      { operation: 'socket', kind: 'refuse', status: 503 },
      { operation: 'socket', kind: 'garbage' },
      { operation: 'socket', kind: 'drop', afterBytes: 1 },
      { operation: 'socket', kind: 'close', code: 1011 },
      { operation: 'exec', kind: 'half', times: 4 },
      { operation: 'exec', kind: 'reset', times: 4 },
      {
        operation: 'exec',
        kind: 'status',
        status: 400,
        code: 'Odd',
        message: 'see wss://h.example/x?rows=24&cols=80',
      },
    ];
    for (const fault of faults) {
      await reset();
      await addFault(fault);
      const { pty, screen } = await terminal(web, ['/bin/bash'], [], new Log({ info: note, error: note }));
      pty.open({ columns: 80, rows: 24 });
      await screen.matches(/Press Enter to start a new session\./);
      assert.doesNotMatch(screen.text + logged.join('\n'), /eyJ|\[\[EOM\]\]|rows=|api-version/, fault.kind);
    }
    assert.ok(logged.length > 0);
  });

  it('a refused websocket names host and port', async () => {
    await addFault({ operation: 'socket', kind: 'refuse', status: 503 });
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/Cannot reach 127\.0\.0\.1:(\d+) \(HTTP 503\)\. Exec needs port \1/);
  });

  it('a refused exec says which role is needed', async () => {
    await addFault({
      operation: 'exec',
      kind: 'status',
      status: 403,
      code: 'AuthorizationFailed',
      message:
        "The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.ContainerInstance/containerGroups/containers/exec/action' over scope 'z' or the scope is invalid.",
    });
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/containers\/exec\/action.*Azure Container Instances Contributor Role/);
  });
});
