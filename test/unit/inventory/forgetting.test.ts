import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toContainerGroup, type ContainerGroupSummary } from '../../../src/azure/containerGroups.ts';
import type { Account } from '../../../src/azure/credentials.ts';
import { AzureError } from '../../../src/azure/errors.ts';
import { requireContainerGroupId, ResourceIdMap } from '../../../src/azure/resourceIds.ts';
import type { ResourceManagerClient } from '../../../src/azure/resourceManager/client.ts';
import { RemoteShells } from '../../../src/exec/remoteShell/remoteShells.ts';
import { Inventory } from '../../../src/inventory/inventory.ts';
import { RecentUsage } from '../../../src/inventory/recentUsage.ts';

const { signal } = new AbortController();
const account = { id: 'a', label: 'a', kind: 'default', manyTenants: false } as unknown as Account; // all that is read

const groupId = (subscription: string, name: string) =>
  `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
const web = groupId('one', 'web');
const job = groupId('one', 'job');
const other = groupId('two', 'web');

function summaryOf(id: string): ContainerGroupSummary {
  return { id, ...requireContainerGroupId(id), location: 'westeurope' };
}

/** An inventory of groups that come and go. */
class Changing {
  ids = [web, job, other];
  subscriptions = ['one', 'two'];
  readonly forgotten: string[] = [];
  private readonly client = {
    containerGroups: {
      list: (subscription: string) =>
        Promise.resolve(this.ids.map(summaryOf).filter((group) => group.subscriptionId === subscription)),
      query: () => Promise.resolve({ groups: this.ids.map(summaryOf), skipToken: undefined, pauseMs: 0 }),
      get: (id: string) =>
        this.ids.includes(id)
          ? Promise.resolve(toContainerGroup({ containers: [], instanceView: { state: 'Running' } }, id))
          : Promise.reject(new AzureError({ kind: 'notFound', detail: 'gone' })),
    },
  } as unknown as ResourceManagerClient; // all that an inventory asks of it
  readonly inventory = new Inventory(() =>
    Promise.resolve({
      discover: (onDiscovery) => {
        const subscriptions = this.subscriptions.map((id) => ({ subscriptionId: id, displayName: id }));
        const signIn = { account, tenant: undefined };
        onDiscovery({ kind: 'subscriptions', signIn, subscriptions, client: this.client });
        return Promise.resolve();
      },
      clientFor: () => Promise.resolve(this.client),
    }),
  );

  /** Everything is listed, and all states are known. */
  static async create(): Promise<Changing> {
    const changing = new Changing();
    changing.inventory.onDidForgetGroup((id) => changing.forgotten.push(id));
    await changing.inventory.load();
    for (const id of changing.ids) {
      await changing.inventory.containerGroup(id, signal);
    }
    return changing;
  }

  /** The groups of which a state is known. */
  get known(): readonly string[] {
    return [web, job, other].filter((id) => this.inventory.known(id) !== undefined);
  }
}

describe('a container group that is gone', () => {
  it('is forgotten once it is not listed again', async () => {
    const changing = await Changing.create();
    changing.ids = [job, other];
    await changing.inventory.refresh();
    assert.deepEqual(changing.forgotten, [web]);
    assert.deepEqual(changing.known, [job, other]);
  });

  it('is forgotten with its subscription', async () => {
    const changing = await Changing.create();
    changing.subscriptions = ['two'];
    await changing.inventory.refresh();
    assert.deepEqual(changing.forgotten, [web, job]);
    assert.deepEqual(changing.known, [other]);
  });

  it('is forgotten when it was deleted, and its state once it is out of view', async () => {
    const changing = await Changing.create();
    const { inventory } = changing;
    inventory.watch([web, job]);
    changing.ids = [job, other];
    const changed = new Promise((resolve) => inventory.onDidChangeGroup(resolve));
    inventory.refreshGroup(web);
    await changed;
    assert.deepEqual(changing.forgotten, [web]);
    assert.equal(inventory.groupFailure(web)?.problem.kind, 'notFound');
    inventory.watch([job]);
    assert.deepEqual(changing.known, [job, other]);
    assert.equal(inventory.groupFailure(web), undefined);
  });

  it('is kept where it came back while it was looked at', async () => {
    const changing = await Changing.create();
    const { inventory } = changing;
    inventory.watch([web]);
    changing.ids = [job, other];
    await inventory.refresh();
    changing.ids = [web, job, other];
    await inventory.refresh();
    await inventory.freshContainerGroup(web, signal);
    inventory.watch([]);
    assert.deepEqual(changing.known, [web, job, other]);
  });

  it('has no engines any more, nor have those of another account', () => {
    const shells = new RemoteShells(() => Promise.reject(new Error('not asked for')));
    const engineOf = (id: string) =>
      shells.of({ group: { id, osType: 'Linux' }, container: { id: `${id}/containers/a`, name: 'a' } });
    const [one, two] = [engineOf(web), engineOf(job)];
    shells.forgetGroup(web.toUpperCase());
    assert.notEqual(engineOf(web), one);
    assert.equal(engineOf(job), two);
    shells.renew();
    assert.notEqual(engineOf(job), two);
    shells.dispose();
  });

  it('has no figures any more', async () => {
    let asked = 0;
    const usage = new RecentUsage(() => {
      asked++;
      return Promise.resolve({ until: new Date(), containers: [] });
    });
    const ask = () => usage.of(web, signal, () => undefined);
    await ask();
    await ask();
    usage.forget(web);
    await ask();
    assert.equal(asked, 2);
  });
});

it('what is kept for the resources below one is deleted, in whatever case, and nothing beside it', () => {
  const kept = new ResourceIdMap([
    [`${web}/containers/a`, 1],
    [`${web}/containers/b`, 2],
    [`${web}2/containers/a`, 3],
    [web, 4],
  ]);
  assert.deepEqual(kept.deleteBelow(web.toUpperCase()), [1, 2]);
  assert.deepEqual(kept.values(), [3, 4]);
});
