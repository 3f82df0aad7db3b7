import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { WebSocketServer } from 'ws';
import { AzureError } from '../../../src/azure/errors.ts';
import { plainCommandLine } from '../../../src/exec/commandLine.ts';
import { inputPace } from '../../../src/exec/input.ts';
import { ShellFallback } from '../../../src/exec/shellFallback.ts';
import { startMark } from '../../../src/exec/shellIntegration.ts';
import { createTls, type Tls } from '../../emulator/tls.ts';

const missing = 'exec failed: "bash": executable file not found in $PATH\r\n';

describe('ShellFallback with shell integration', () => {
  let files: Tls;
  let server: Server;
  let sockets: WebSocketServer;
  let uri = '';

  before(async () => {
    files = await createTls();
    tls.setDefaultCACertificates([...tls.getCACertificates(), readFileSync(files.caPath, 'utf8')]);
    server = createServer(files);
    sockets = new WebSocketServer({ server });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    uri = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/`; // it listens on TCP
  });
  after(async () => {
    sockets.close();
    server.close();
    await rm(files.folder, { recursive: true });
  });

  /** Runs bash, then sh, where each line sent is answered with text and the end; tells what was sent and shown. */
  async function run(answers: Readonly<Record<string, string | AzureError>>) {
    const sent: string[] = [];
    const failures: string[] = [];
    let shown = '';
    const fallback = new ShellFallback({
      pace: inputPace('Linux'),
      connectTimeoutMs: 30_000,
      keepAliveMs: 0,
      signal: new AbortController().signal,
    });
    fallback.onData((data) => (shown += Buffer.from(data).toString()));
    fallback.onIntegrationFailed((reason) => failures.push(reason));
    const end = await fallback.run(
      [plainCommandLine('bash'), plainCommandLine('sh')],
      ({ line }) => {
        sent.push(line);
        const answer = answers[line];
        if (typeof answer !== 'string') {
          return Promise.reject(answer ?? new Error(`${line} was not to be sent`));
        }
        sockets.once('connection', (socket) => {
          socket.once('message', () => {
            if (answer !== '') {
              socket.send(Buffer.from(answer));
            }
            socket.close(1000);
          });
        });
        return Promise.resolve({ webSocketUri: uri, password: 'p' });
      },
      ({ line }) => (line === 'bash' ? 'integrated' : undefined),
    );
    return { sent, shown, failures, end: end.kind, isIntegrated: fallback.isIntegrated };
  }

  it('sends one request where it works, and shows what comes from the mark on', async () => {
    assert.deepEqual(await run({ integrated: `bash: warning: setlocale\r\n${startMark}$ ` }), {
      sent: ['integrated'],
      shown: `${startMark}$ `,
      failures: [],
      end: 'closed',
      isIntegrated: true,
    });
  });

  it('sends no second request for a bash that is not in the image', async () => {
    assert.deepEqual(await run({ integrated: missing, sh: '# ' }), {
      sent: ['integrated', 'sh'],
      shown: '# ',
      failures: [],
      end: 'closed',
      isIntegrated: false,
    });
  });

  it('starts a plain shell where the start says something else and ends', async () => {
    assert.deepEqual(await run({ integrated: 'bash: -c: syntax error\r\n', bash: '$ ' }), {
      sent: ['integrated', 'bash'],
      shown: '$ ',
      failures: ['bash: -c: syntax error'],
      end: 'closed',
      isIntegrated: false,
    });
  });

  it('starts a plain shell where Azure refuses the line, and only then', async () => {
    const refusal = (code: string) =>
      new AzureError({ kind: 'service', code, detail: 'no', correlationId: undefined });
    const { sent, failures } = await run({ integrated: refusal('InvalidCommandLength'), bash: '$ ' });
    assert.deepEqual(sent, ['integrated', 'bash']);
    assert.deepEqual(failures, ['service: no']);
    await assert.rejects(run({ integrated: refusal('InternalServerError'), bash: '$ ' }));
  });

  it('sends no second request where the session ends without a word', async () => {
    assert.deepEqual((await run({ integrated: '' })).sent, ['integrated']);
  });
});
