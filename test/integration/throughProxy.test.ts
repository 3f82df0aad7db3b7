import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { closeTerminals, terminal, web } from './terminals.ts';

describe('behind a proxy that wants a name and a password', () => {
  afterEach(closeTerminals);

  it('signs in, asks Azure and opens a shell', async () => {
    const { pty, screen } = await terminal(web, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    await screen.matches(/SandboxHost.*# $/);
    pty.handleInput('echo "<$((6*7))>"\r');
    await screen.matches(/<42>/);
    assert.doesNotMatch(screen.text, /proxy-password/);
  });

  it('is the only way: nobody else knows the names', async () => {
    await assert.rejects(lookup('exec.azure.test'));
  });
});
