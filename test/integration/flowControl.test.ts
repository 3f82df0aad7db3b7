import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { firehoseText } from '../emulator/firehose.ts';
import { openSessions, reset } from '../support/control.ts';
import { closeTerminals, terminal, until, web } from './terminals.ts';

describe('flow control', () => {
  beforeEach(reset);
  afterEach(closeTerminals);

  /** A flood that a terminal has stopped showing, after a start. */
  async function stuck(bytes: number) {
    const opened = await terminal(web, [`firehose ${bytes} 5`]);
    opened.pty.open({ columns: 80, rows: 24 });
    await opened.screen.until(() => opened.screen.text.length > 500_000, 'the flood');
    opened.screen.answers = false;
    return opened;
  }

  it('a session that waits for its terminal is not taken for dead, and all of its output comes', async () => {
    const settings = vscode.workspace.getConfiguration('containerInstances');
    await settings.update('exec.keepAliveSeconds', 0.2, vscode.ConfigurationTarget.Global);
    try {
      const bytes = 10_000_000;
      const { screen } = await stuck(bytes);
      const { length } = screen.text;
      // Without answers a piece comes after a second, which is five intervals.
      for (let gapMs = 0; gapMs < 900;) {
        const [{ writes }, since] = [screen, performance.now()];
        await screen.until(() => screen.writes > writes, 'the next piece');
        gapMs = performance.now() - since;
      }
      assert.ok(screen.text.length < length + 4_500_000, String(screen.text.length - length));
      screen.answers = true;
      await screen.matches(/Session ended\./);
      const text = firehoseText(bytes, 5).toString();
      assert.ok(screen.text.includes(text));
    } finally {
      await settings.update('exec.keepAliveSeconds', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('a terminal that is closed while its session waits leaves nothing open', async () => {
    const { pty } = await stuck(200_000_000);
    assert.equal(await openSessions(), 1);
    pty.close();
    await until(async () => (await openSessions()) === 0);
  });

  it('Ctrl-C reaches the program while its session waits, and the prompt comes', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/# $/);
    screen.answers = false;
    pty.handleInput('yes\r');
    await screen.until(() => screen.text.length > 400_000, 'the flood');
    pty.handleInput('\x03');
    screen.answers = true;
    await screen.matches(/\^C\r\n.*SandboxHost.*# $/);
  });
});
