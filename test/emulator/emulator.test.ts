import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { after, before, beforeEach, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { startEmulator, type Emulator } from './emulator.ts';
import { firehoseText } from './firehose.ts';
import { defaultScenario, readScenario } from './scenario.ts';

const production = '11111111-0001-4000-8000-000000000001';
const development = '11111111-0002-4000-8000-000000000002';

function groupPath(subscription: string, resourceGroup: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
}

const web = groupPath(production, 'rg-shop', 'shop-web');

const currentState = ['properties', 'instanceView', 'currentState'];

let azure: Emulator;
before(async () => {
  azure = await startEmulator();
});
after(() => azure.close());
beforeEach(() => azure.reset());

/** A field deep in a JSON body. */
function pick(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (Reflect.get(inner, key) as unknown) : undefined,
    value,
  );
}

interface Reply {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: unknown;
}

async function call(
  method: string,
  path: string,
  options: { body?: object; token?: string } = {},
): Promise<Reply> {
  const sent = request(`${azure.endpoint}${path}${path.includes('?') ? '&' : '?'}api-version=2025-09-01`, {
    method,
    ca: readFileSync(azure.caPath),
    headers: { authorization: `Bearer ${options.token ?? azure.credentials.bearerToken}` },
  });
  sent.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage]; // the event's only argument
  let text = '';
  for await (const chunk of response as AsyncIterable<Buffer>) {
    text += chunk.toString();
  }
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

interface Opened {
  readonly socket: WebSocket;
  readonly frames: Buffer[];
  readonly closed: Promise<number>;
}

async function exec(
  group: string,
  container: string,
  command: string,
  size = { rows: 31, cols: 97 },
): Promise<Opened> {
  const reply = await call('POST', `${group}/containers/${container}/exec`, {
    body: { command, terminalSize: size },
  });
  assert.equal(reply.status, 200);
  return connectTo(reply);
}

function connectTo({ body }: Reply, password = String(pick(body, 'password'))): Opened {
  const socket = new WebSocket(String(pick(body, 'webSocketUri')), { ca: readFileSync(azure.caPath) });
  const frames: Buffer[] = [];
  socket.on('open', () => socket.send(password));
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    assert.ok(isBinary);
    frames.push(data);
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve);
    socket.on('error', () => undefined);
  });
  return { socket, frames, closed };
}

async function outputMatches({ socket, frames }: Opened, pattern: RegExp): Promise<string> {
  for (;;) {
    const text = Buffer.concat(frames).toString();
    if (pattern.test(text)) {
      return text;
    }
    await once(socket, 'message');
  }
}

describe('Resource Manager', () => {
  it('lists two subscriptions, and groups without any instance view', async () => {
    const subscriptions = await call('GET', '/subscriptions');
    assert.equal(pick(subscriptions.body, 'value', 'length'), 2);
    const list = await call(
      'GET',
      `/subscriptions/${production}/providers/Microsoft.ContainerInstance/containerGroups`,
    );
    assert.equal(pick(list.body, 'value', 'length'), 7);
    assert.ok(!JSON.stringify(list.body).includes('instanceView'));
    const group = await call('GET', web);
    assert.equal(pick(group.body, 'properties', 'instanceView', 'state'), 'Running');
    assert.equal(pick(group.body, 'properties', 'containers', 0, ...currentState, 'state'), 'Running');
    assert.ok(group.headers['x-ms-correlation-request-id']);
  });

  it('filters resources by type and pages with nextLink', async () => {
    const paged = await startEmulator({ scenario: { ...readScenario(defaultScenario), pageSize: 3 } });
    const whole = azure;
    azure = paged;
    try {
      let path = `/subscriptions/${production}/resources?$filter=${encodeURIComponent("resourceType eq 'Microsoft.ContainerInstance/containerGroups'")}`;
      const names: unknown[] = [];
      for (;;) {
        const { body } = await call('GET', path);
        const items = pick(body, 'value');
        assert.ok(Array.isArray(items));
        names.push(...items.map((item) => pick(item, 'name')));
        const next = pick(body, 'nextLink');
        if (typeof next !== 'string') {
          break;
        }
        path = next.slice(paged.endpoint.length);
      }
      assert.equal(new Set(names).size, 7);
    } finally {
      azure = whole;
      await paged.close();
    }
  });

  it('refuses a wrong token with a challenge, and a request without api-version', async () => {
    const reply = await call('GET', '/subscriptions', { token: 'wrong' });
    assert.equal(reply.status, 401);
    assert.match(String(reply.headers['www-authenticate']), /^Bearer authorization_uri=/);
  });

  it('answers as the service does for what is not there', async () => {
    const group = await call('GET', groupPath(production, 'rg-shop', 'nothing'));
    assert.equal(pick(group.body, 'error', 'code'), 'ResourceNotFound');
    const container = await call('POST', `${web}/containers/nothing/exec`, { body: { command: '/bin/sh' } });
    assert.equal(
      pick(container.body, 'error', 'message'),
      "The container 'nothing' does not exist in container group 'shop-web'.",
    );
    const long = await call('POST', `${web}/containers/shop-web/exec`, {
      body: { command: 'x'.repeat(5_000) },
    });
    assert.equal(pick(long.body, 'error', 'code'), 'InvalidCommandLength');
  });

  it('stop shows at once, without an exit code; restart keeps the old start time while it updates', async () => {
    assert.equal((await call('POST', `${web}/stop`)).status, 204);
    const stopped = pick((await call('GET', web)).body, 'properties', 'containers', 0, ...currentState);
    assert.equal(pick(stopped, 'state'), 'Terminated');
    assert.equal(pick(stopped, 'exitCode'), undefined);
    assert.equal((await call('POST', `${web}/start`)).status, 202);
    const orders = groupPath(production, 'rg-orders', 'orders-api');
    const startTime = async () =>
      pick((await call('GET', orders)).body, 'properties', 'containers', 0, ...currentState, 'startTime');
    const before = await startTime();
    const restart = await call('POST', `${orders}/restart`);
    assert.equal(restart.status, 204);
    assert.match(String(restart.headers['azure-asyncoperation']), /\/operations\/.*&s=SIGNED/);
    assert.equal(pick((await call('GET', orders)).body, 'properties', 'provisioningState'), 'Updating');
    assert.equal(await startTime(), before);
    const busy = await call('POST', `${orders}/containers/api/exec`, { body: { command: '/bin/sh' } });
    assert.equal(busy.status, 409);
    assert.equal(pick(busy.body, 'error', 'code'), 'ContainerGroupTransitioning');
  });

  it('counts what it answered, without queries', async () => {
    await call('GET', web);
    assert.deepEqual(azure.requests, [{ method: 'GET', path: web, operation: 'get', status: 200 }]);
  });
});

describe('faults', () => {
  const rows = [
    [{ kind: 'status', status: 403, code: 'AuthorizationFailed', message: 'no' }, 403],
    [{ kind: 'throttle', retryAfterSeconds: 7 }, 429],
    [{ kind: 'challenge', claims: '{}' }, 401],
  ] as const;
  for (const [effect, status] of rows) {
    it(`${effect.kind} happens once`, async () => {
      azure.addFault({ operation: 'get', ...effect });
      const reply = await call('GET', web);
      assert.equal(reply.status, status);
      assert.equal((await call('GET', web)).status, 200);
    });
  }

  it('half an answer breaks off', async () => {
    azure.addFault({ operation: 'get', kind: 'half' });
    await assert.rejects(call('GET', web));
  });

  it('a socket is refused, closed, dropped or sent garbage', async () => {
    for (const effect of [
      { kind: 'refuse', status: 503 },
      { kind: 'drop', afterBytes: 1 },
      { kind: 'garbage' },
    ] as const) {
      azure.addFault({ operation: 'socket', ...effect });
      const { closed } = await exec(web, 'shop-web', 'firehose 100000');
      assert.equal(await closed, 1006, effect.kind);
    }
    azure.addFault({ operation: 'socket', kind: 'close', code: 1011 });
    assert.equal(await (await exec(web, 'shop-web', '/bin/sh')).closed, 1011);
  });
});

describe('exec', () => {
  it('a real shell in a PTY of the size asked for; an empty frame comes first', async () => {
    const session = await exec(web, 'shop-web', '/bin/bash');
    await outputMatches(session, /root@SandboxHost-\d+:/);
    assert.equal(session.frames[0]?.length, 0);
    session.socket.send(Buffer.from('stty size; echo héllo 你好 🚀; env\r'));
    const text = await outputMatches(session, /HOME=[^]*# $/);
    assert.match(text, /31 97\r\n/);
    assert.match(text, /\nhéllo 你好 🚀\r\n/);
    assert.doesNotMatch(text, /npm_|AZURE_/);
    session.socket.send('exit\r');
    assert.equal(await session.closed, 1000);
  });

  it('frames are cut anywhere, inside characters too, and nothing is lost', async () => {
    const session = await exec(web, 'shop-web', 'firehose 300000 7');
    assert.equal(await session.closed, 1000);
    const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    assert.equal(hash(Buffer.concat(session.frames)), hash(firehoseText(300_000, 7)));
    assert.ok(session.frames.some((frame) => frame.toString().includes('\ufffd')));
  });

  it('a password is good for one session, and a wrong one for none', async () => {
    const reply = await call('POST', `${web}/containers/shop-web/exec`, { body: { command: '/bin/sh' } });
    assert.match(String(pick(reply.body, 'password')), /^.{25}\[\[EOM\]\]$/);
    const first = connectTo(reply);
    await outputMatches(first, /# /);
    assert.equal(await connectTo(reply).closed, 1006);
    first.socket.close();
    const other = await call('POST', `${web}/containers/shop-web/exec`, { body: { command: '/bin/sh' } });
    assert.equal(await connectTo(other, 'wrong').closed, 1008);
  });

  it('a missing command is reported as terminal text, then the socket closes', async () => {
    const session = await exec(groupPath(development, 'rg-dev-anna', 'cache'), 'redis', '/bin/bash');
    assert.equal(await session.closed, 1000);
    assert.match(
      Buffer.concat(session.frames).toString(),
      /^rpc error: .*"\/bin\/bash\\": executable file not found in \$PATH"/,
    );
  });

  it('an ended container answers 200 and closes at once', async () => {
    const session = await exec(
      groupPath(production, 'rg-jobs', 'nightly-report'),
      'nightly-report',
      '/bin/sh',
    );
    assert.equal(await session.closed, 1000);
  });

  it('the Windows console loses what is past 48 characters of one message', async () => {
    const session = await exec(groupPath(production, 'rg-billing', 'billing-win'), 'billing', 'cmd.exe');
    await outputMatches(session, /C:\\>$/);
    session.socket.send(`echo ${'x'.repeat(60)}`);
    session.socket.send('\r');
    const text = await outputMatches(session, /x\r\n\r\nC:\\>$/);
    assert.match(text, /\r\nx{43}\r\n/);
    session.socket.terminate();
  });

  it('a closed socket hangs the shell up', async () => {
    const session = await exec(web, 'shop-web', '/bin/sh');
    await outputMatches(session, /# $/);
    session.socket.send(Buffer.from('echo pid:$$:\r'));
    const pid = Number(/pid:(\d+):/.exec(await outputMatches(session, /pid:\d+:/))?.[1]);
    session.socket.terminate();
    await session.closed;
    for (;;) {
      try {
        process.kill(pid, 0);
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ESRCH');
        break;
      }
      await new Promise(setImmediate);
    }
  });

  it('stopping the group breaks its sessions off', async () => {
    const session = await exec(web, 'shop-web', '/bin/sh');
    await outputMatches(session, /# /);
    await call('POST', `${web}/stop`);
    assert.equal(await session.closed, 1006);
    assert.equal(azure.openSessions, 0);
  });
});
