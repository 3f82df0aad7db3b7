import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { secretCommandLine } from '../../src/exec/commandLine.ts';
import { resetTerminal } from '../../src/terminal/sequences.ts';
import { Log, type LogChannel } from '../../src/ui/log.ts';
import type { Fault } from '../emulator/faults.ts';
import { firehoseText } from '../emulator/firehose.ts';
import { addFault, endContainers, openSessions, reset } from '../support/control.ts';
import { alpine, closeTerminals, execs, shellLess, terminal, web } from './terminals.ts';

/** A log channel whose every line is noted, of whatever level. */
function channelOf(note: (text: string) => unknown): LogChannel {
  return { trace: note, debug: note, info: note, warn: note, error: note };
}

describe('ExecTerminal', () => {
  beforeEach(reset);
  afterEach(closeTerminals);

  it('10 MB of mixed multi-byte text, cut anywhere, arrive exactly', async () => {
    const bytes = 10_000_000;
    const { pty, screen } = await terminal(web, [`firehose ${bytes} 3`]);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/Session ended\./);
    const start = screen.text.lastIndexOf('\x1b[2K', 1_000) + '\x1b[2K'.length; // after what it was doing
    const end = screen.text.lastIndexOf(resetTerminal(8));
    const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
    assert.equal(hash(screen.text.slice(start, end)), hash(firehoseText(bytes, 3)));
  });

  it('waits for the dimensions, and the shell has just those', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    screen.size = { columns: 101, rows: 37 };
    pty.open(undefined);
    pty.setDimensions(screen.size);
    pty.handleInput('stty size; echo "<$((6*7))>"\r'); // typed before the session is open
    await screen.matches(/37 101\r\n<42>/);
  });

  it('asks the terminal itself for its size, and takes the answer out of what is typed', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    screen.size = { columns: 101, rows: 37 };
    pty.open({ columns: 80, rows: 30 }); // what VS Code tells of a terminal that another one covers
    pty.handleInput('stty size; echo "<$((6*7))>"\r');
    await screen.matches(/37 101\r\n<42>/);
    assert.doesNotMatch(screen.text, /;101t/);
    assert.equal(await execs(), 1);
  });

  it('bash is not in the image: sh opens, and is remembered', async () => {
    const started: string[] = [];
    const { pty, screen } = await terminal(alpine, ['/bin/bash', '/bin/sh'], { started });
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
      const { pty, screen } = await terminal(web, ['/bin/bash'], {
        log: new Log(channelOf(note)),
      });
      pty.open({ columns: 80, rows: 24 });
      await screen.matches(/Press Enter to start a new session\./);
      assert.doesNotMatch(screen.text + logged.join('\n'), /eyJ|\[\[EOM\]\]|rows=|api-version/, fault.kind);
    }
    assert.ok(logged.length > 0);
  });

  it('a secret in a command is on no screen and in no log, whoever repeats the command', async () => {
    const logged: string[] = [];
    const note = (text: string) => logged.push(text);
    const command = secretCommandLine('/bin/login -p {secret}', 'hunter2%+');
    const message = 'The command "/bin/login -p hunter2%25%2B" (hunter2%+) cannot be started.';
    const open = async (fault: Fault) => {
      await reset();
      await addFault(fault);
      const opened = await terminal(shellLess, [command], { log: new Log(channelOf(note)) });
      opened.pty.open({ columns: 80, rows: 24 });
      await opened.screen.matches(/Press Enter to start a new session\./);
      assert.doesNotMatch(opened.screen.text + opened.screen.name + logged.join('\n'), /hunter2/);
      return opened.screen.text;
    };
    for (const status of [400, 403]) {
      const text = await open({ operation: 'exec', kind: 'status', status, code: 'Odd', message });
      assert.match(text, /The command "\/bin\/login -p \{secret\}" \(\{secret\}\) cannot be started\./);
    }
    assert.match(logged.join('\n'), /Exec in 1 failed: .*-p \{secret\}/);
    // Azure's report of a missing command names the line as it was shown.
    assert.match(
      await open({ operation: 'exec', kind: 'delay', ms: 1 }),
      /commands: \/bin\/login -p \{secret\}\./,
    );
  });

  it('a command line arrives as it was typed: %, + and the split at spaces', async () => {
    const { pty, screen } = await terminal(web, ['/bin/echo 100% 1+1 a%20b  ünï "x']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/\[2K100% 1\+1 a%20b ünï "x\r\n.*Session ended\./s);
  });

  it('when Azure does not tell what became of the container, the log says why', async () => {
    const logged: string[] = [];
    const note = (text: string) => logged.push(text);
    const { pty, screen } = await terminal(web, ['/bin/bash'], { log: new Log(channelOf(note)) });
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/# $/);
    await addFault({ operation: 'get', kind: 'status', status: 400, code: 'Odd', message: 'not today' });
    pty.handleInput('exit\r');
    await screen.matches(/Session ended\. Press Enter/);
    assert.match(logged.join('\n'), /Azure did not tell what became of shop-web: .*not today/);
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
