import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import { WebSocket } from 'ws';
import { startEmulator, type Emulator } from './emulator.ts';
import type { Operation } from './faults.ts';
import { firehoseText } from './firehose.ts';
import { defaultScenario, readScenario, type Scenario } from './scenario.ts';

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

/** Runs a test against another scenario. */
async function instead(scenario: Scenario, test: () => Promise<void>): Promise<void> {
  const usual = azure;
  azure = await startEmulator({ scenario });
  try {
    await test();
  } finally {
    await azure.close();
    azure = usual;
  }
}

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
  return send(
    method,
    `${path}${path.includes('?') ? '&' : '?'}api-version=2025-09-01`,
    { authorization: `Bearer ${options.token ?? azure.credentials.bearerToken}` },
    options.body === undefined ? undefined : JSON.stringify(options.body),
  );
}

async function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<Reply> {
  const sent = request(`${azure.endpoint}${path}`, { method, ca: readFileSync(azure.caPath), headers });
  sent.end(body);
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

function connectTo(
  { body }: Reply,
  password = String(pick(body, 'password')),
  headers: Record<string, string> = {},
): Opened {
  const ca = readFileSync(azure.caPath);
  const socket = new WebSocket(String(pick(body, 'webSocketUri')), { ca, headers });
  const frames: Buffer[] = [];
  socket.on('open', () => {
    if (!('authorization' in headers)) {
      socket.send(password);
    }
  });
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
    await instead({ ...readScenario(defaultScenario), pageSize: 3 }, async () => {
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
        path = next.slice(azure.endpoint.length);
      }
      assert.equal(new Set(names).size, 7);
    });
  });

  it('refuses a wrong token with a challenge, and a request without api-version', async () => {
    const reply = await call('GET', '/subscriptions', { token: 'wrong' });
    assert.equal(reply.status, 401);
    assert.match(String(reply.headers['www-authenticate']), /^Bearer authorization_uri=/);
    const none = await send('GET', '/subscriptions', {
      authorization: `Bearer ${azure.credentials.bearerToken}`,
    });
    assert.equal(none.status, 400);
    assert.equal(pick(none.body, 'error', 'code'), 'MissingApiVersionParameter');
    const anonymous = await send('GET', '/subscriptions?api-version=2022-12-01');
    assert.equal(anonymous.status, 401);
    assert.equal(pick(anonymous.body, 'error', 'code'), 'AuthenticationFailed');
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

  it('restart ends with a new start time; its operation tells so', async () => {
    const startTime = async () =>
      String(
        pick((await call('GET', web)).body, 'properties', 'containers', 0, ...currentState, 'startTime'),
      );
    const old = await startTime();
    const restart = await call('POST', `${web}/restart`);
    const operation = new URL(String(restart.headers['azure-asyncoperation']));
    const status = async () => {
      const reply = await send('GET', `${operation.pathname}${operation.search}`, {
        authorization: `Bearer ${azure.credentials.bearerToken}`,
      });
      return pick(reply.body, 'status');
    };
    assert.equal(await status(), 'Pending');
    while ((await status()) === 'Pending') {
      // asks again until the restart is over
    }
    assert.ok((await startTime()) > old);
  });

  it('takes paths and ids in any case', async () => {
    assert.equal((await call('GET', web.toUpperCase())).status, 200);
  });

  it('denies what the scenario says', async () => {
    const world = readScenario(defaultScenario);
    const subscriptions = world.subscriptions.map((subscription) => ({
      ...subscription,
      groups: subscription.groups.map((group) => ({ ...group, denied: ['exec', 'stop'] as const })),
    }));
    await instead({ ...world, subscriptions }, async () => {
      const reply = await call('POST', `${web}/containers/shop-web/exec`, { body: { command: '/bin/sh' } });
      assert.equal(reply.status, 403);
      assert.match(
        String(pick(reply.body, 'error', 'message')),
        /perform action 'Microsoft\.ContainerInstance\/containerGroups\/containers\/exec\/action' over scope/,
      );
      assert.equal((await call('POST', `${web}/stop`)).status, 403);
      assert.equal((await call('GET', web)).status, 200);
    });
  });

  it('generates thousands of groups', async () => {
    await instead({ subscriptions: [], generate: { subscriptions: 4, groups: 10_000 } }, async () => {
      const subscriptions = await call('GET', '/subscriptions');
      const id = String(pick(subscriptions.body, 'value', 3, 'subscriptionId'));
      const filter = encodeURIComponent("resourceType eq 'Microsoft.ContainerInstance/containerGroups'");
      const resources = await call('GET', `/subscriptions/${id}/resources?$filter=${filter}`);
      assert.equal(pick(resources.body, 'value', 'length'), 2_500);
      const other = await call(
        'GET',
        `/subscriptions/${id}/resources?$filter=${filter.replace('Groups', 'Apps')}`,
      );
      assert.equal(pick(other.body, 'value', 'length'), 0);
    });
  });

  it('grows the log of a running container, with timestamps where asked', async () => {
    const logs = `${web}/containers/shop-web/logs`;
    await instead({ ...readScenario(defaultScenario), timings: { logLineMs: 5 } }, async () => {
      const content = async (query: string) =>
        String(pick((await call('GET', logs + query)).body, 'content'));
      const first = await content('');
      assert.match(first, /^listening on port 80\n/);
      while (!(await content('')).startsWith(`${first}GET /health`)) {
        // asks again until there is a further line
      }
      assert.match(
        await content('?tail=1&timestamps=true'),
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z GET.*\n$/,
      );
    });
  });

  it('counts what it answered, without queries', async () => {
    await call('GET', web);
    assert.deepEqual(azure.requests, [{ method: 'GET', path: web, operation: 'get', status: 200 }]);
  });
});

describe('Resource Graph', () => {
  const query =
    "resources | where type =~ 'Microsoft.ContainerInstance/containerGroups' | project id, location";
  const everything = { query, subscriptions: [production, development] };
  const ask = (body: object) => call('POST', '/providers/Microsoft.ResourceGraph/resources', { body });
  const code = (reply: Reply) => pick(reply.body, 'error', 'details', 0, 'code');

  it('lists over subscriptions, page by page, each row once', async () => {
    const ids: unknown[] = [];
    let skipToken: unknown;
    do {
      const options = { $top: 4, ...(skipToken === undefined ? {} : { $skipToken: skipToken }) };
      const { body } = await ask({ ...everything, options });
      const rows = pick(body, 'data');
      assert.ok(Array.isArray(rows) && rows.length <= 4);
      assert.equal(pick(body, 'count'), rows.length);
      assert.equal(pick(body, 'totalRecords'), 11);
      ids.push(...rows.map((row) => pick(row, 'id')));
      skipToken = pick(body, '$skipToken');
    } while (skipToken !== undefined);
    assert.equal(ids.length, 11);
    assert.equal(new Set(ids).size, 11);
    assert.ok(ids.includes(web));
  });

  it('finds a registry by its login server, in all subscriptions where none is named', async () => {
    const registry = (server: string) => ({
      query: `resources | where type =~ 'Microsoft.ContainerRegistry/registries' | where properties.loginServer =~ '${server}' | project id`,
    });
    const found = await ask(registry('Contoso.azurecr.io'));
    assert.deepEqual(pick(found.body, 'data'), [
      {
        id: `/subscriptions/${production}/resourceGroups/rg-images/providers/Microsoft.ContainerRegistry/registries/contoso`,
      },
    ]);
    assert.deepEqual(pick((await ask(registry('nobody.azurecr.io'))).body, 'data'), []);
  });

  it('refuses a skip token of another query, a page too large, and what it cannot read', async () => {
    const first = await ask({ ...everything, options: { $top: 1 } });
    const options = { $skipToken: pick(first.body, '$skipToken') };
    assert.equal(code(await ask({ ...everything, subscriptions: [production], options })), 'BadRequest');
    assert.equal(code(await ask({ ...everything, options: { $top: 1001 } })), 'BadRequest');
    assert.equal(code(await ask({ ...everything, query: 'resources | join x' })), 'InvalidQuery');
  });

  it('cuts off a query without ids', async () => {
    const noIds = { ...everything, query: query.replace('id, ', ''), options: { $top: 3 } };
    const { body } = await ask(noIds);
    assert.equal(pick(body, 'resultTruncated'), 'true');
    assert.equal(pick(body, '$skipToken'), undefined);
  });

  it('counts the quota down, then throttles without Retry-After', async () => {
    for (let left = 14; left >= 0; left--) {
      const { headers } = await ask(everything);
      assert.equal(headers['x-ms-user-quota-remaining'], String(left));
      assert.match(String(headers['x-ms-user-quota-resets-after']), /^00:00:0[1-5]$/);
    }
    const reply = await ask(everything);
    assert.equal(reply.status, 429);
    assert.equal(code(reply), 'RateLimiting');
    assert.equal(reply.headers['retry-after'], undefined);
  });

  it('leaves out the subscriptions that may not be read, and denies when none is left', async () => {
    const world = readScenario(defaultScenario);
    const subscriptions = world.subscriptions.map((item) =>
      item.subscriptionId === production ? { ...item, denied: true as const } : item,
    );
    await instead({ ...world, subscriptions }, async () => {
      const reply = await ask(everything);
      assert.equal(pick(reply.body, 'totalRecords'), 4);
      assert.equal(code(await ask({ ...everything, subscriptions: [production] })), 'AccessDenied');
      const list = await call('GET', `/subscriptions/${production}/resources`);
      assert.equal(list.status, 403);
    });
  });
});

describe('metrics:getBatch', () => {
  const query = new URLSearchParams({
    metricnamespace: 'Microsoft.ContainerInstance/containerGroups',
    metricnames: 'CpuUsage,MemoryUsage',
    aggregation: 'Average',
    starttime: '2026-11-25T11:00:00.000Z',
    endtime: '2026-11-25T12:00:00.000Z',
    interval: 'PT1M',
    filter: "containerName eq '*'",
  });
  const ask = (resourceids: readonly string[]) =>
    call('POST', `/subscriptions/${production}/metrics:getBatch?${query}`, { body: { resourceids } });

  it('answers what the metrics of each group alone would be', async () => {
    const orders = groupPath(production, 'rg-orders', 'orders-api');
    const { status, body } = await ask([web, orders]);
    assert.equal(status, 200);
    assert.equal(pick(body, 'values', 0, 'resourceid'), web);
    assert.equal(pick(body, 'values', 1, 'resourceid'), orders);
    const timespan = `${query.get('starttime')}/${query.get('endtime')}`;
    const own = new URLSearchParams({
      metricnames: 'CpuUsage,MemoryUsage',
      aggregation: 'Average',
      timespan,
      interval: 'PT1M',
      $filter: "containerName eq '*'",
    });
    const alone = await call('GET', `${orders}/providers/Microsoft.Insights/metrics?${own}`);
    assert.deepEqual(pick(body, 'values', 1, 'value'), pick(alone.body, 'value'));
  });

  it('refuses groups that are not there, and none at all', async () => {
    assert.equal((await ask([groupPath(production, 'rg-shop', 'nobody')])).status, 400);
    assert.equal((await ask([])).status, 400);
  });
});

describe('tenants', () => {
  it('a user sees the tenants of which they are a member, and in each its own subscriptions', async () => {
    const tenantId = '33333333-0000-4000-8000-000000000001';
    const fabrikam = { subscriptionId: randomUUID(), displayName: 'Fabrikam', tenantId, groups: [] };
    const world = readScenario(defaultScenario);
    const scenario: Scenario = {
      subscriptions: [...world.subscriptions, fabrikam],
      tenants: [{ tenantId, displayName: 'Fabrikam', members: ['anna@contoso.example'] }],
    };
    await instead(scenario, async () => {
      const token = async (body: object) =>
        String(pick((await send('POST', '/_control/tokens', {}, JSON.stringify(body))).body, 'token'));
      const names = async (path: string, body: object) => {
        const reply = await call('GET', path, { token: await token(body) });
        const items = pick(reply.body, 'value');
        assert.ok(Array.isArray(items));
        return items.map((item) => pick(item, 'displayName'));
      };
      const anna = { name: 'anna@contoso.example' };
      assert.deepEqual(await names('/tenants', anna), ['Contoso', 'Fabrikam']);
      assert.deepEqual(await names('/tenants', { name: 'ben@contoso.example' }), ['Contoso']);
      assert.deepEqual(await names('/subscriptions', { ...anna, tenantId }), ['Fabrikam']);
      assert.equal((await names('/subscriptions', anna)).length, 2);
    });
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

  it('a list points to another host for its next page', async () => {
    const url = 'https://elsewhere.example/';
    azure.addFault({ operation: 'resources', kind: 'fields', fields: { nextLink: url } });
    const reply = await call('GET', `/subscriptions/${production}/resources`);
    assert.equal(pick(reply.body, 'nextLink'), url);
  });

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
    while (isAlive(pid)) {
      await new Promise(setImmediate);
    }
  });

  it('a shell that ignores the hang-up, and its background jobs, end with the emulator', async () => {
    let pids: number[] = [];
    await instead(readScenario(defaultScenario), async () => {
      const session = await exec(web, 'shop-web', '/bin/sh');
      await outputMatches(session, /# $/);
      session.socket.send(Buffer.from("trap '' HUP; sleep 1000 & echo pids:$$:$!:\r"));
      const text = await outputMatches(session, /pids:\d+:\d+:/);
      pids = (/pids:(\d+):(\d+):/.exec(text) ?? []).slice(1).map(Number);
      assert.ok(pids.every(isAlive) && pids.length === 2);
    });
    while (pids.some(isAlive)) {
      await new Promise(setImmediate); // the kill takes effect a moment after it is sent
    }
  });

  it('a fast program waits for a slow reader, and its last output arrives after its end', async () => {
    const session = await exec(web, 'shop-web', '/bin/sh');
    await outputMatches(session, /# $/);
    session.socket.send(Buffer.from('stty -echo; seq 1 600000; exit\r'));
    await once(session.socket, 'message');
    session.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 300)); // the time in which its buffers fill up
    session.socket.resume();
    assert.equal(await session.closed, 1000);
    const text = Buffer.concat(session.frames).toString();
    assert.match(text, /599999\r\n600000\r\n$/);
    assert.equal(text.match(/\n/g)?.length, 600_001);
  });

  it('keeps the home of a container from one session to the next', async () => {
    const first = await exec(web, 'shop-web', '/bin/sh');
    await outputMatches(first, /# $/);
    first.socket.send(Buffer.from('echo kept > note; exit\r'));
    await first.closed;
    const second = await exec(web, 'shop-web', '/bin/cat note');
    await second.closed;
    assert.equal(Buffer.concat(second.frames).toString(), 'kept\r\n');
  });

  it('splits the command at spaces after decoding it as a web form', async () => {
    const session = await exec(web, 'shop-web', '/bin/echo a+b %22c d%22 1%2B1');
    await session.closed;
    assert.equal(Buffer.concat(session.frames).toString(), 'a b "c d" 1+1\r\n');
  });

  it('attach shows the log, by its password in the header or in the first frame', async () => {
    const path = `${groupPath(production, 'rg-jobs', 'nightly-report')}/containers/nightly-report/attach`;
    for (const inHeader of [true, false]) {
      const reply = await call('POST', path);
      const password = String(pick(reply.body, 'password'));
      const session = connectTo(reply, password, inHeader ? { authorization: password } : {});
      assert.equal(await session.closed, 1000);
      assert.match(Buffer.concat(session.frames).toString(), /^Report for .*\nDone\.\n$/);
    }
  });

  it('a stalled session says and hears nothing more, and is still open', async () => {
    azure.addFault({ match: { operation: 'socket', path: '/shop-web/' }, kind: 'stall', afterBytes: 10 });
    const session = await exec(web, 'shop-web', 'firehose 100000');
    while (Buffer.concat(session.frames).length < 10) {
      await once(session.socket, 'message');
    }
    let pongs = 0;
    session.socket.on('pong', () => pongs++);
    session.socket.ping();
    await call('GET', web);
    assert.equal(session.socket.readyState, WebSocket.OPEN);
    assert.equal(Buffer.concat(session.frames).length, 10);
    assert.equal(pongs, 0);
    session.socket.terminate();
  });

  it('what a program has not read goes nowhere once its session has broken off', async () => {
    const errors = mock.method(console, 'error', () => undefined); // where its terminal would complain
    for (let round = 0; round < 20; round++) {
      const session = await exec(web, 'shop-web', '/bin/sh');
      await outputMatches(session, /# /);
      session.socket.send('sleep 1000\r');
      session.socket.send(Buffer.alloc(200_000, 'x'), { binary: true });
      await call('GET', web);
      azure.dropSessions(web);
      await session.closed;
    }
    while (azure.processes(web, 'shop-web').length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    errors.mock.restore();
    assert.deepEqual(
      errors.mock.calls.map(({ arguments: [text] }) => String(text)),
      [],
    );
  });

  it('stopping the group breaks its sessions off', async () => {
    const session = await exec(web, 'shop-web', '/bin/sh');
    await outputMatches(session, /# /);
    await call('POST', `${web}/stop`);
    assert.equal(await session.closed, 1006);
    assert.equal(azure.openSessions, 0);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // Init may take its time, or never come, to reap an orphan that has ended.
    return process.platform !== 'linux' || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    assert.match(String((error as NodeJS.ErrnoException).code), /^(ESRCH|ENOENT)$/); // neither throws others
    return false;
  }
}

describe('sign-in', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const ask = (fields: Record<string, string>) =>
    send(
      'POST',
      `/${azure.credentials.tenantId}/oauth2/v2.0/token`,
      form,
      new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: azure.credentials.clientId,
        ...fields,
      }).toString(),
    );

  it('gives a token for the secret, and AADSTS7000215 for a wrong one', async () => {
    const good = await ask({ client_secret: azure.credentials.clientSecret });
    assert.equal(good.status, 200);
    const token = String(pick(good.body, 'access_token'));
    assert.equal((await call('GET', '/subscriptions', { token })).status, 200);
    const bad = await ask({ client_secret: 'wrong' });
    assert.equal(bad.status, 401);
    assert.equal(pick(bad.body, 'error'), 'invalid_client');
    assert.match(String(pick(bad.body, 'error_description')), /^AADSTS7000215: /);
    assert.equal((await ask({ client_assertion: 'nonsense' })).status, 401);
  });

  it('is one that @azure/identity can use', async () => {
    const { ClientSecretCredential } = await import('@azure/identity');
    const { tenantId, clientId, clientSecret } = azure.credentials;
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
      authorityHost: azure.endpoint,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: readFileSync(azure.caPath, 'utf8') },
    });
    const token = await credential.getToken(`${azure.endpoint}/.default`);
    assert.equal((await call('GET', '/subscriptions', { token: token.token })).status, 200);
  });
});

describe('scenarios', () => {
  it('one that extends another has its world, and timings of its own', () => {
    assert.deepEqual(readScenario('far'), {
      ...readScenario(defaultScenario),
      timings: { getDelayMs: 400, execDelayMs: 2_500, socketDelayMs: 300 },
    });
  });

  it('a path leads to it too, and its timings are merged with those of the one that it extends', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'scenario-'));
    const file = path.join(folder, 'near.json');
    const far = path.relative(folder, path.join(import.meta.dirname, 'scenarios/far.json'));
    await writeFile(file, JSON.stringify({ extends: far, timings: { getDelayMs: 1 } }));
    assert.deepEqual(readScenario(file).timings, { getDelayMs: 1, execDelayMs: 2_500, socketDelayMs: 300 });
    await rm(folder, { recursive: true });
  });

  it('names the file that is none', () => {
    assert.throws(() => readScenario('elsewhere'), /^Error: elsewhere is no scenario: Error: ENOENT/);
    assert.throws(() => readScenario('package.json'), /package\.json is no scenario: it needs a list/);
  });
});

describe('timings', () => {
  const far = { getDelayMs: 100, execDelayMs: 300, socketDelayMs: 200 };
  /** Node's timers may be a millisecond early by another clock. */
  const early = 2;

  /** How long something takes, in milliseconds. */
  async function timed(work: () => Promise<unknown>): Promise<number> {
    const startedAt = performance.now();
    await work();
    return performance.now() - startedAt + early;
  }

  it('a GET of a group, a POST exec and a websocket take as long as the scenario says', async () => {
    await instead({ ...readScenario(defaultScenario), timings: far }, async () => {
      assert.ok((await timed(() => call('GET', web))) >= far.getDelayMs);
      let posted: Reply | undefined;
      const post = async () => {
        posted = await call('POST', `${web}/containers/shop-web/exec`, { body: { command: '/bin/sh' } });
      };
      assert.ok((await timed(post)) >= far.execDelayMs);
      assert.ok(posted !== undefined);
      const { socket } = connectTo(posted);
      assert.ok((await timed(() => once(socket, 'open'))) >= far.socketDelayMs);
      socket.terminate();
    });
  });

  it('calls do not wait for each other: what is asked later is answered first', async () => {
    await instead({ ...readScenario(defaultScenario), timings: far }, async () => {
      const exec = call('POST', `${web}/containers/shop-web/exec`, { body: { command: '/bin/sh' } });
      await Promise.all([exec, call('GET', web), call('GET', '/subscriptions')]);
      assert.deepEqual(
        azure.requests.map(({ operation }) => operation),
        ['subscriptions', 'get', 'exec'],
      );
    });
  });

  it('change while it runs, one by one, and are the scenario’s again after a reset', async () => {
    const set = async (body: unknown) =>
      (await send('POST', '/_control/timings', {}, JSON.stringify(body))).status;
    const order = async () => {
      await Promise.all([
        call('GET', web),
        call('POST', `${web}/containers/shop-web/exec`, { body: { command: '/bin/sh' } }),
      ]);
      return azure.requests.slice(-2).map(({ operation }) => operation);
    };
    assert.equal(await set({ getDelayMs: 300 }), 204);
    assert.deepEqual(await order(), ['exec', 'get']);
    assert.equal(await set({ execDelayMs: 600 }), 204);
    assert.deepEqual(await order(), ['get', 'exec']);
    assert.ok((await timed(() => call('GET', web))) >= 300);
    azure.reset();
    azure.setTimings({ execDelayMs: 100 });
    assert.deepEqual(await order(), ['get', 'exec']);
    for (const wrong of [{ getDelayMs: -1 }, { getDelayMs: '1' }, { other: 1 }]) {
      assert.equal(await set(wrong), 400);
    }
  });
});

describe('control', () => {
  it('adds faults, changes containers, and tells and forgets requests', async () => {
    const post = (path: string, body: unknown) => send('POST', `/_control/${path}`, {}, JSON.stringify(body));
    const fault = {
      operation: 'get',
      kind: 'status',
      status: 500,
      code: 'InternalServerError',
      message: 'no',
    };
    assert.equal((await post('faults', { ...fault, times: 'always' })).status, 204);
    assert.equal((await call('GET', web)).status, 500);
    assert.equal((await call('GET', web)).status, 500);
    assert.equal((await send('DELETE', '/_control/faults')).status, 204);
    const session = await exec(web, 'shop-web', '/bin/sh');
    await outputMatches(session, /# $/);
    assert.equal((await post('groups', { id: web, state: 'Terminated', exitCode: 137 })).status, 204);
    assert.equal(await session.closed, 1006);
    const state = pick((await call('GET', web)).body, 'properties', 'containers', 0, ...currentState);
    assert.equal(pick(state, 'exitCode'), 137);
    const told = await send('GET', '/_control/requests');
    assert.equal(told.headers.connection, 'close');
    const operations = (Array.isArray(told.body) ? told.body : []).map((item) => pick(item, 'operation'));
    assert.deepEqual(operations, ['get', 'get', 'exec', 'socket', 'get']);
    assert.ok(!JSON.stringify(told.body).includes('[[EOM]]'));
    assert.equal((await send('DELETE', '/_control/requests')).status, 204);
    assert.deepEqual((await send('GET', '/_control/requests')).body, []);
    assert.equal((await post('faults', { kind: 'flood' })).status, 400);
    assert.equal((await send('POST', '/_control/faults', {}, 'nonsense')).status, 400);
    assert.equal((await send('POST', '/_control/reset')).status, 204);
    const again = pick((await call('GET', web)).body, 'properties', 'containers', 0, ...currentState);
    assert.equal(pick(again, 'state'), 'Running');
  });

  it('tells when each request arrived, though a later one is answered first', async () => {
    azure.setTimings({ getDelayMs: 200 });
    const before = Date.now();
    const slow = call('GET', web);
    await inFlight('get');
    const between = Date.now();
    await call('GET', '/subscriptions');
    await slow;
    const told = (await send('GET', '/_control/requests')).body;
    const at = (index: number) => Number(pick(told, index, 'at'));
    assert.deepEqual([pick(told, 0, 'operation'), pick(told, 1, 'operation')], ['subscriptions', 'get']);
    assert.ok(before <= at(1) && at(1) <= between && between <= at(0) && at(0) <= Date.now());
  });

  it('tells how many requests of each operation were in flight at once', async () => {
    const most = async () => (await send('GET', '/_control/inFlight')).body;
    azure.setTimings({ getDelayMs: 500 });
    await Promise.all([call('GET', web), call('GET', web), call('GET', web)]);
    await call('GET', web);
    for (let session = 0; session < 2; session++) {
      await outputMatches(await exec(web, 'shop-web', '/bin/sh'), /# $/);
    }
    assert.deepEqual(await most(), { get: 3, exec: 1, socket: 1 });
    await send('DELETE', '/_control/requests');
    assert.deepEqual(await most(), {});
    await Promise.all([call('GET', web), call('GET', web)]);
    assert.deepEqual(await most(), { get: 2 });
  });

  it('a request that its client has given up is in flight no longer', async () => {
    azure.addFault({ operation: 'get', kind: 'delay', ms: 60_000 });
    const abandoned = request(`${azure.endpoint}${web}?api-version=2025-09-01`, {
      ca: readFileSync(azure.caPath),
      headers: { authorization: `Bearer ${azure.credentials.bearerToken}` },
    });
    abandoned.on('error', () => undefined);
    abandoned.end();
    await inFlight('get');
    abandoned.destroy();
    const most = async () => {
      await send('DELETE', '/_control/requests');
      return pick((await send('GET', '/_control/inFlight')).body, 'get');
    };
    while ((await most()) !== undefined) {
      // asks again until the emulator has heard of it
    }
    await call('GET', web);
    assert.deepEqual((await send('GET', '/_control/inFlight')).body, { get: 1 });
  });
});

/** Waits until a request of an operation has arrived. */
async function inFlight(operation: Operation): Promise<void> {
  while (pick((await send('GET', '/_control/inFlight')).body, operation) === undefined) {
    // asks again
  }
}
