import assert from 'node:assert/strict';
import tls from 'node:tls';
import { closeTerminals, files, terminal } from './terminals.ts';

describe('an authority that only the system trusts', () => {
  afterEach(closeTerminals);

  it('is trusted by requests to Azure and by the websocket', async () => {
    assert.deepEqual(tls.getCACertificates('extra'), []);
    const { pty, screen } = await terminal(files, ['/bin/bash']);
    pty.open({ columns: 80, rows: 24 });
    pty.handleInput('echo "<$((6*7))>"\r');
    await screen.matches(/<42>/);
  });
});
