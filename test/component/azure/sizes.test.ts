import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it, mock } from 'node:test';
import tls from 'node:tls';
import { createGzip, gzipSync } from 'node:zlib';
import { cloudFromSettings } from '../../../src/azure/clouds.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import { customEnvironment } from '../../emulator/customEnvironment.ts';
import { createTls, type Tls } from '../../emulator/tls.ts';
import { operations } from './operations.ts';

/** What the server does with the next request. */
let answer: (response: ServerResponse) => void = (response) => response.end();
let files: Tls;
let server: Server;
let client: ResourceManagerClient;

before(async () => {
  files = await createTls();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(files.caPath, 'utf8')]);
  server = createServer(files, (request, response) => {
    request.resume();
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const cloud = cloudFromSettings('custom', customEnvironment(`https://127.0.0.1:${port}`));
  const token = { token: 'x', expiresOnTimestamp: Date.now() + 3_600_000 };
  client = new ResourceManagerClient(
    cloud,
    { getToken: () => Promise.resolve(token) },
    { timeoutSeconds: 20 },
  );
});
after(async () => {
  server.close();
  server.closeAllConnections();
  await rm(files.folder, { recursive: true });
});

/** The problem of each operation, and the longest text that was parsed for it. */
async function problems(): Promise<readonly { readonly kind: string; readonly parsed: number }[]> {
  const results: { readonly kind: string; readonly parsed: number }[] = [];
  for (const { call } of Object.values(operations)) {
    const parse = mock.method(JSON, 'parse');
    try {
      await assert.rejects(call(client), (error) => {
        assert.ok(error instanceof AzureError, String(error));
        assert.ok(error.message.length < 5_000, `${error.message.length}`);
        const lengths = parse.mock.calls.map(({ arguments: [text] }) => text.length);
        results.push({ kind: error.problem.kind, parsed: Math.max(0, ...lengths) });
        return true;
      });
    } finally {
      parse.mock.restore();
    }
  }
  return results;
}

/** Sends one chunk again and again until nobody reads it any more; resolves to how many bytes that were. */
function endless(response: ServerResponse, status: number, zip: boolean): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024, '{"error": [ ');
  let sent = 0;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    ...(zip ? { 'Content-Encoding': 'gzip' } : {}),
  });
  const body = zip ? createGzip() : response;
  if (body !== response) {
    body.pipe(response);
  }
  return new Promise((resolve) => {
    const more = () => {
      while (!response.destroyed) {
        sent += chunk.length;
        if (!body.write(chunk)) {
          body.once('drain', more);
          return;
        }
      }
    };
    response.once('close', () => {
      body.destroy();
      resolve(sent);
    });
    more();
  });
}

describe('an answer without end', () => {
  for (const zip of [false, true]) {
    for (const [status, kind, most] of [
      [200, 'notAzure', 8],
      [501, 'service', 0.064],
      [404, 'notFound', 0.064],
    ] as const) {
      it(`${status}${zip ? ', zipped' : ''}: is read as far as an answer goes`, async () => {
        const sent: Promise<number>[] = [];
        answer = (response) => sent.push(endless(response, status, zip));
        for (const problem of await problems()) {
          assert.equal(problem.kind, kind);
          assert.ok(problem.parsed <= 65_537, `${problem.parsed}`);
        }
        if (!zip) {
          // What lies in the buffers of both ends was sent too.
          assert.ok(Math.max(...(await Promise.all(sent))) < (most + 8) * 1_000_000);
        }
      });
    }
  }
});

describe('an answer that is large or deep', () => {
  const million = 1_000_000;
  const bodies: Readonly<Record<string, string>> = {
    'nested a million deep': `{"value":${'['.repeat(million)}${']'.repeat(million)}}`,
    'objects nested a million deep': `${'{"error":'.repeat(million)}1${'}'.repeat(million)}`,
    'of 20 MB': JSON.stringify({ value: ['x'.repeat(20 * million)] }),
    'of millions of values': `{"value":[${'1,'.repeat(3 * million)}1]}`,
  };
  for (const [name, body] of Object.entries(bodies)) {
    it(`${name}: is not parsed`, async () => {
      for (const [status, kind] of [
        [200, 'notAzure'],
        [501, 'service'],
      ] as const) {
        answer = (response) => {
          response.writeHead(status, { 'Content-Type': 'application/json' });
          response.end(body);
        };
        for (const problem of await problems()) {
          assert.equal(problem.kind, kind, `${status}`);
          assert.ok(problem.parsed <= 65_537, `${status}: ${problem.parsed}`);
        }
      }
    });
  }
});

it('an answer that breaks off while it is unzipped is noticed at once', async () => {
  const zipped = gzipSync(JSON.stringify({ value: Array.from({ length: 1_000 }, (_item, id) => ({ id })) }));
  answer = (response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': zipped.length });
    response.write(zipped.subarray(0, zipped.length / 2), () => response.destroy());
  };
  for (const { kind } of await problems()) {
    assert.equal(kind, 'brokenOff');
  }
});

it('an answer that is zipped is read', async () => {
  answer = (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
    response.end(gzipSync(JSON.stringify({ value: [{ tenantId: 't', displayName: 'Contoso' }] })));
  };
  const tenants = await client.subscriptions.listTenants(new AbortController().signal);
  assert.deepEqual(tenants, [{ tenantId: 't', displayName: 'Contoso' }]);
});
