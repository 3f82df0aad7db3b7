import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { AzureClient } from '../../src/azure/azureClient.ts';
import { cloudFromSettings } from '../../src/azure/clouds.ts';
import type { Account } from '../../src/azure/credentials.ts';
import { Inventory } from '../../src/inventory/inventory.ts';
import type { ListingSource } from '../../src/inventory/listing.ts';
import { customEnvironment } from '../emulator/customEnvironment.ts';
import type { Random } from '../emulator/random.ts';
import { inTime, type FuzzCase } from './cases.ts';
import { kindOf } from './guard.ts';
import { answerOddly } from './mutations.ts';

/** What an account sees of Azure: the groups of each subscription. */
type World = ReadonlyMap<string, readonly string[]>;

function worldOf(random: Random): World {
  const count = 1 + random.below(4);
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const subscription = `${random.below(1_000)}-${index}`;
      const groups = Array.from({ length: random.below(30) }, (_group, number) =>
        groupId(subscription, number),
      );
      return [subscription, groups] as const;
    }),
  );
}

function groupId(subscription: string, number: number): string {
  return `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g${number}`;
}

/** Answers as Azure does, with pages that overlap and ids in any case. */
function answerTruly(
  random: Random,
  world: World,
  { url = '/' }: IncomingMessage,
  text: string,
  response: ServerResponse,
): void {
  const { pathname, searchParams } = new URL(url, 'https://localhost');
  const path = decodeURIComponent(pathname);
  const [, first = '', subscription = '', kind] = path.split('/');
  const item = (id: string) => ({
    id: random.below(3) === 0 ? id.toUpperCase() : id,
    location: 'westeurope',
  });
  const send = (body: object) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (first === 'subscriptions' && subscription === '') {
    send({
      value: [...world.keys()].map((subscriptionId) => ({ subscriptionId, displayName: subscriptionId })),
    });
  } else if (first === 'providers') {
    const query = JSON.parse(text) as { subscriptions: string[]; options: { $skipToken?: string } }; // our own client's
    const all = query.subscriptions.flatMap((id) => world.get(id) ?? []);
    const start = Number(query.options.$skipToken ?? 0);
    const end = start + 1 + random.below(20);
    const data = all.slice(Math.max(0, start - random.below(2)), end).map(item);
    send({
      totalRecords: all.length,
      count: data.length,
      data,
      ...(end < all.length ? { $skipToken: String(end) } : {}),
    });
  } else if (kind === 'resources') {
    const all = world.get(subscription) ?? [];
    const start = Number(searchParams.get('start') ?? 0);
    const end = start + 1 + random.below(20);
    const host = `https://${response.req.headers.host ?? ''}`;
    const nextLink = end < all.length ? { nextLink: `${host}${pathname}?start=${end}` } : {};
    send({ value: all.slice(start, end).map(item), ...nextLink });
  } else {
    const container = { name: 'web', properties: { image: 'nginx' } };
    const provisioningState = random.below(2) === 0 ? 'Pending' : 'Succeeded';
    send({ id: path, location: 'westeurope', properties: { provisioningState, containers: [container] } });
  }
}

/**
 * Random events while Azure answers oddly: nothing of a former account is ever shown, every wait ends, and once Azure
 * answers again the rows are those that it has, each once.
 */
export const inventory: FuzzCase = async ({ random, server, count }) => {
  let world = worldOf(random);
  let isOdd = true;
  let account = 0;
  server.behaviour = {
    request: (request, body, response) => {
      const isOf = request.headers.authorization === `Bearer account-${account}`;
      const seen = isOf ? world : new Map([['former', [groupId('former', 0)]]]);
      if (isOdd && random.below(3) === 0) {
        answerOddly(random, { value: [] }, response);
      } else {
        answerTruly(random, seen, request, body, response);
      }
    },
    upgrade: (_request, socket) => socket.destroy(),
  };
  const cloud = cloudFromSettings('custom', customEnvironment(`https://${server.host}`));
  const clientOf = () => {
    const token = { token: `account-${account}`, expiresOnTimestamp: Date.now() + 3_600_000 };
    const credential = () => Promise.resolve({ getToken: () => Promise.resolve(token) });
    const who: Account = {
      id: String(account),
      label: 'a',
      kind: 'azureCli',
      manyTenants: false,
      credential,
    };
    return new AzureClient(cloud, [who], { timeoutSeconds: 10 });
  };
  let client = clientOf();
  // Half of the time what is cancelled is answered all the same, late.
  const isHeedless = random.below(2) === 0;
  const never = new AbortController().signal;
  const sourceOf = (asked: AzureClient): ListingSource => ({
    discover: (onDiscovery, _signal, isAsked) => asked.discover(onDiscovery, never, isAsked),
    clientFor: (id) => asked.clientFor(id, never),
  });
  const known = new Inventory(() => Promise.resolve(isHeedless ? sourceOf(client) : client));
  let changes = 0;
  known.onDidChange(() => changes++);
  const pending: Promise<unknown>[] = [];
  const follow = (work: Promise<unknown>) =>
    pending.push(
      work.then(
        () => count('done'),
        (error: unknown) => count(kindOf(error)),
      ),
    );
  const cancelled = new AbortController();
  const someGroups = () =>
    known.subscriptions().flatMap(({ groups }) => groups.slice(0, 3).map(({ id }) => id));
  for (let step = 0, steps = random.below(24); step < steps; step++) {
    switch (random.below(12)) {
      case 0:
        follow(known.load());
        break;
      case 1:
        follow(known.refresh());
        break;
      case 2:
        follow(known.refreshSubscriptions([...world.keys()].slice(0, 1 + random.below(2))));
        break;
      case 3: // another account
        account++;
        world = worldOf(random);
        client = clientOf();
        known.reset();
        assert.deepEqual(known.allSubscriptions(), []);
        break;
      case 4:
        known.watch(someGroups());
        break;
      case 5:
        for (const id of someGroups()) {
          follow(known.containerGroup(id, cancelled.signal));
        }
        break;
      case 6:
        for (const id of someGroups().slice(0, 2)) {
          follow(known.freshContainerGroup(id, cancelled.signal));
        }
        break;
      default:
        await delay(random.below(20));
    }
    for (const { subscription } of known.allSubscriptions()) {
      assert.ok(world.has(subscription.subscriptionId), 'a subscription of a former account');
    }
  }
  cancelled.abort();
  isOdd = false;
  await inTime(known.refresh());
  const rows = known.subscriptions().map(({ subscription, groups, complete, failure }) => ({
    id: subscription.subscriptionId,
    groups: groups.map(({ id }) => id.toLowerCase()).toSorted(),
    complete,
    failure,
  }));
  const truth = [...world].map(([id, groups]) => ({
    id,
    groups: groups.map((group) => group.toLowerCase()).toSorted(),
    complete: true,
    failure: undefined,
  }));
  const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
  assert.deepEqual(rows.toSorted(byId), truth.toSorted(byId));
  assert.ok(changes > 0);
  known.dispose();
  await inTime(Promise.all(pending));
};
