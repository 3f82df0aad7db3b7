import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, it } from 'node:test';
import tls from 'node:tls';
import type { TokenCredential } from '@azure/core-auth';
import { AzureClient, type Discovery } from '../../../src/azure/azureClient.ts';
import { cloudFromSettings } from '../../../src/azure/clouds.ts';
import type { Account } from '../../../src/azure/credentials.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';
import { customEnvironment } from '../../emulator/customEnvironment.ts';
import { startEmulator, type Emulator } from '../../emulator/emulator.ts';

const subscriptions = 8;
const groups = 40;
const subscriptionId = (index: number) => `22222222-0000-4000-8000-${String(index).padStart(12, '0')}`;

let emulator: Emulator;
before(async () => {
  // Pages of seven, so that Resource Graph is paged.
  emulator = await startEmulator({
    scenario: { subscriptions: [], generate: { subscriptions, groups }, pageSize: 7 },
  });
  tls.setDefaultCACertificates([...tls.getCACertificates(), readFileSync(emulator.caPath, 'utf8')]);
});
after(() => emulator.close());
beforeEach(() => emulator.reset());

function newInventory(
  getToken: TokenCredential['getToken'] = () => Promise.resolve(token()),
  timeoutSeconds?: number,
  { endpoint }: Emulator = emulator,
): Inventory {
  const account: Account = {
    id: 'a',
    label: 'a',
    kind: 'default',
    manyTenants: false,
    credential: () => Promise.resolve({ getToken }),
  };
  const cloud = cloudFromSettings('custom', customEnvironment(endpoint));
  const azure = new AzureClient(cloud, [account], { timeoutSeconds });
  return new Inventory(() => Promise.resolve(azure));
}

function token(value = emulator.credentials.bearerToken) {
  return { token: value, expiresOnTimestamp: Date.now() + 3_600_000 };
}

function countOf(inventory: Inventory): number {
  return new Set(inventory.subscriptions().flatMap((entry) => entry.groups.map(({ id }) => id))).size;
}

function asked(operation: string): number {
  return emulator.requests.filter((request) => request.operation === operation).length;
}

describe('the inventory', () => {
  it('asks Resource Graph once for all subscriptions, page by page, and shows rows as they arrive', async () => {
    const inventory = newInventory();
    const seen: number[] = [];
    inventory.onDidChange(() => seen.push(countOf(inventory)));
    await inventory.load();
    assert.equal(countOf(inventory), groups);
    assert.ok(seen.includes(7) && seen.includes(14), seen.join());
    assert.equal(asked('resourceGraph'), 6);
    assert.equal(asked('resources'), 0);
    assert.equal(emulator.requests.length, 6 + asked('subscriptions'));
  });

  it('asks for many subscriptions by several queries at a time, and misses none', async () => {
    const many = await startEmulator({
      scenario: { subscriptions: [], generate: { subscriptions: 150, groups: 600 }, pageSize: 100 },
    });
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(many.caPath, 'utf8')]);
    try {
      const inventory = newInventory(
        () => Promise.resolve(token(many.credentials.bearerToken)),
        undefined,
        many,
      );
      await inventory.load();
      assert.equal(countOf(inventory), 600);
      assert.equal(inventory.subscriptions().length, 150);
      assert.ok(inventory.subscriptions().every(({ complete }) => complete));
      const queries = many.requests.filter(({ operation }) => operation === 'resourceGraph').length;
      assert.ok(queries >= 6 && queries <= 8, String(queries)); // six pages of 100, or a part more in each query
    } finally {
      await many.close();
    }
  });

  it('lists each subscription where Resource Graph is not allowed', async () => {
    emulator.addFault({
      operation: 'resourceGraph',
      kind: 'status',
      status: 403,
      code: 'AccessDenied',
      message: 'no',
    });
    const inventory = newInventory();
    let fallback: unknown;
    inventory.onDidFallBack((error) => (fallback = error));
    await inventory.load();
    assert.ok(fallback instanceof AzureError);
    assert.equal(countOf(inventory), groups);
    assert.equal(asked('resourceGraph'), 1);
    assert.equal(asked('resources'), subscriptions);
  });

  it('waits as long as Resource Graph asks for when it is throttled, and goes on where it was', async () => {
    emulator.addFault({ operation: 'resourceGraph', kind: 'throttle', retryAfterSeconds: 1 });
    const inventory = newInventory();
    const waiting = new Set<string>();
    inventory.onDidChange(() => {
      for (const { failure } of inventory.subscriptions()) {
        waiting.add(failure?.problem.kind ?? '');
      }
    });
    await inventory.load();
    assert.ok(waiting.has('throttled'));
    assert.equal(countOf(inventory), groups);
    assert.equal(asked('resourceGraph'), 7);
    assert.ok(inventory.subscriptions().every(({ failure }) => failure === undefined));
  });

  it('a subscription that fails says why, its neighbours are there, and a refresh mends it', async () => {
    const status = { kind: 'status', status: 403, code: 'AuthorizationFailed', message: 'no' } as const;
    const at = (index: number) => ({
      operation: 'resources' as const,
      path: subscriptionId(index),
      times: 'always' as const,
    });
    emulator.addFault({ operation: 'resourceGraph', times: 'always', ...status });
    emulator.addFault({ ...at(0), ...status });
    emulator.addFault({ ...at(1), kind: 'throttle', retryAfterSeconds: 60 });
    emulator.addFault({ ...at(2), kind: 'delay', ms: 600_000 });
    emulator.addFault({ ...at(3), kind: 'half' });
    emulator.addFault({ ...at(4), kind: 'fields', fields: { nextLink: 'https://elsewhere.example/next' } });
    emulator.addFault({
      operation: 'resources',
      path: subscriptionId(5),
      kind: 'throttle',
      retryAfterSeconds: 1,
    });
    const inventory = newInventory(undefined, 4);
    await inventory.load();
    const kinds = inventory.subscriptions().map(({ failure }) => failure?.problem.kind);
    const healthy = undefined;
    assert.deepEqual(kinds, [
      ...['forbidden', 'throttled', 'timedOut', 'brokenOff', 'unexpected'],
      ...[healthy, healthy, healthy],
    ]);
    const forbidden = inventory.subscriptions()[0]?.failure?.problem;
    assert.equal(forbidden?.kind === 'forbidden' && forbidden.detail, 'no');
    const elsewhere = inventory.subscriptions()[4]?.failure?.problem;
    assert.match(elsewhere?.kind === 'unexpected' ? elsewhere.detail : '', /pointed to another host/);
    assert.equal(countOf(inventory), 15);
    emulator.clearFaults();
    await inventory.refreshSubscriptions([subscriptionId(0)]);
    assert.equal(countOf(inventory), 20);
    await inventory.refresh();
    assert.equal(countOf(inventory), groups);
    assert.ok(inventory.subscriptions().every(({ failure }) => failure === undefined));
  });

  it('keeps what it knows while it asks again, and forgets what is gone', async () => {
    const inventory = newInventory();
    await inventory.load();
    const least: number[] = [];
    inventory.onDidChange(() => least.push(countOf(inventory)));
    await inventory.refresh();
    assert.equal(Math.min(...least), groups);
  });

  it('a token that Azure takes no longer is renewed once', async () => {
    let calls = 0;
    const inventory = newInventory(() => Promise.resolve(token(calls++ === 0 ? 'revoked' : undefined)));
    await inventory.load();
    assert.equal(countOf(inventory), groups);
    assert.equal(calls, 2);
    const wrong = newInventory(() => Promise.resolve(token('wrong')));
    await wrong.load();
    assert.deepEqual(
      wrong.failedSignIns().map(({ problem }) => problem.kind),
      ['credential'],
    );
  });

  it('a claims challenge is put to the credential once', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    emulator.addFault({ operation: 'subscriptions', kind: 'challenge', claims });
    const challenges: unknown[] = [];
    const getToken = (_scopes: unknown, options?: { claims?: string }) => {
      challenges.push(options?.claims);
      return Promise.resolve(token());
    };
    const inventory = newInventory(getToken);
    await inventory.load();
    assert.deepEqual(challenges, [undefined, claims]);
    assert.equal(countOf(inventory), groups);
  });

  it('asks for the state of each group in view once, and for nothing that is out of view', async () => {
    const inventory = newInventory();
    await inventory.load();
    const ids = inventory.subscriptions().flatMap((entry) => entry.groups.map(({ id }) => id));
    const known = () => ids.filter((id) => inventory.known(id) !== undefined).length;
    const reached = (count: number) =>
      new Promise<void>((resolve) => inventory.onDidChangeGroup(() => known() >= count && resolve()));
    const half = reached(20);
    inventory.watch(ids.slice(0, 20));
    inventory.watch(ids.slice(0, 20));
    await half;
    assert.equal(asked('get'), 20);
    const all = reached(40);
    inventory.watch(ids);
    await Promise.all([all, inventory.containerGroup(ids[39] ?? '', new AbortController().signal)]);
    assert.equal(asked('get'), 40);
    inventory.watch([]);
    inventory.watch(ids);
    assert.equal(asked('get'), 40);
  });

  it('drops a group that is gone when it is looked at', async () => {
    const inventory = newInventory();
    await inventory.load();
    const [first] = inventory.subscriptions()[0]?.groups ?? [];
    assert.ok(first);
    emulator.addFault({
      operation: 'get',
      kind: 'status',
      status: 404,
      code: 'ResourceNotFound',
      message: 'gone',
    });
    const gone = new Promise<void>((resolve) => inventory.onDidChangeGroup(() => resolve()));
    inventory.watch([first.id]);
    await gone;
    assert.equal(countOf(inventory), groups - 1);
  });

  it('says when the tenants of an account are not known, and keeps what it knew of them', async () => {
    const account = { id: 'a', label: 'a', kind: 'vscode', manyTenants: true } as const;
    const credential = () => Promise.resolve({ getToken: () => Promise.resolve(token()) });
    const cloud = cloudFromSettings('custom', customEnvironment(emulator.endpoint));
    const azure = new AzureClient(cloud, [{ ...account, credential }]);
    const fabrikam = { subscriptionId: 'of-fabrikam', displayName: 'Fabrikam Retail' };
    let isKnown = true;
    const source = () =>
      Promise.resolve({
        discover: async (tell: (item: Discovery) => void, signal: AbortSignal) => {
          await azure.discover((item) => {
            tell(item);
            if (isKnown && item.kind === 'subscriptions') {
              const tenant = { tenantId: 'fabrikam', displayName: 'Fabrikam' };
              tell({ ...item, signIn: { ...item.signIn, tenant }, subscriptions: [fabrikam] });
            }
          }, signal);
        },
        clientFor: (id: string, signal: AbortSignal) => azure.clientFor(id, signal),
      });
    const inventory = new Inventory(source, {
      includesTenant: () => true,
      includesSubscription: () => false,
    });
    await inventory.load();
    assert.equal(inventory.allSubscriptions().length, subscriptions + 1);
    isKnown = false;
    emulator.addFault({
      operation: 'tenants',
      kind: 'status',
      status: 400,
      code: 'Odd',
      message: 'Not today.',
    });
    await inventory.refresh();
    assert.equal(inventory.allSubscriptions().length, subscriptions + 1);
    assert.deepEqual(
      inventory.failedSignIns().map(({ tenantsUnknown, problem }) => [tenantsUnknown, problem.kind]),
      [[true, 'service']],
    );
    await inventory.refresh();
    assert.equal(inventory.allSubscriptions().length, subscriptions);
    assert.equal(inventory.failedSignIns().length, 0);
  });
});
