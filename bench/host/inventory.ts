import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { addFault, requests as recorded, reset } from '../../test/support/control.ts';
import { residentGrowth } from '../memory.ts';
import { BareClient, type BareTarget } from '../peers/bareClient.ts';
import { ProductTree } from './productTree.ts';

export interface InventoryOptions {
  readonly bare: BareTarget;
  readonly subscriptions: number;
  readonly groups: number;
  readonly rounds: number;
  readonly fallbackRounds: number;
}

/** The first round of each also loads the SDK that it needs. */
export interface InventoryFigures {
  readonly resourceGraph: readonly InventoryRound[];
  readonly fallback: readonly InventoryRound[];
}

/** Times in milliseconds. */
export interface InventoryRound {
  readonly requests: number;
  /** From the first answer of Azure to the first rows. */
  readonly firstRowsMs: number;
  /** From the view's question to all rows. */
  readonly allRowsMs: number;
  readonly bareMs: number;
  readonly bareRequests: number;
  readonly groups: number;
  readonly longestBlockMs: number;
  /** In bytes. */
  readonly residentGrowth: number;
}

/** As many lists at a time as the extension asks for. */
const parallelLists = 6;

/** The tree of thousands of container groups, as VS Code asks for it. */
export async function measureInventory(options: InventoryOptions): Promise<InventoryFigures> {
  const client = new BareClient(options.bare);
  const rounds = async (count: number, fallback: boolean) => {
    const done: InventoryRound[] = [];
    for (let round = 0; round < count; round++) {
      const ours = await measureTree(options.groups, fallback);
      done.push({ ...ours, ...(await measureBare(client, fallback)) });
    }
    return done;
  };
  try {
    return {
      resourceGraph: await rounds(options.rounds, false),
      fallback: await rounds(options.fallbackRounds, true),
    };
  } finally {
    client.close();
  }
}

async function prepare(fallback: boolean): Promise<void> {
  await reset(); // which also renews the quota of Resource Graph
  if (fallback) {
    const refused = { kind: 'status', status: 403, code: 'AccessDenied', message: 'no' } as const;
    await addFault({ operation: 'resourceGraph', times: 'always', ...refused });
  }
}

async function measureTree(expected: number, fallback: boolean) {
  await prepare(fallback);
  const tree = new ProductTree();
  const firstAnswer = new FirstAnswer();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  let startedAt = 0;
  let firstRowsAt = 0;
  let allRowsAt = 0;
  let groups = 0;
  const growth = await residentGrowth(async () => {
    delays.enable();
    startedAt = performance.now();
    await tree.allRows(expected, (shown) => {
      groups = shown;
      allRowsAt = performance.now();
      firstRowsAt ||= allRowsAt;
    });
  });
  delays.disable();
  firstAnswer.dispose();
  tree.dispose();
  return {
    requests: (await recorded()).length,
    firstRowsMs: firstRowsAt - firstAnswer.at,
    allRowsMs: allRowsAt - startedAt,
    groups,
    longestBlockMs: delays.max / 1e6,
    residentGrowth: growth,
  };
}

async function measureBare(client: BareClient, fallback: boolean) {
  await prepare(fallback);
  const startedAt = performance.now();
  const listed = await client.pages('/subscriptions?api-version=2022-12-01');
  const ids = listed.items.map((item) => (item as { readonly subscriptionId: string }).subscriptionId); // as Azure says
  let bareRequests = listed.requests;
  if (fallback) {
    const left = [...ids];
    const filter = encodeURIComponent("resourceType eq 'Microsoft.ContainerInstance/containerGroups'");
    const lists = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        const path = `/subscriptions/${id}/resources?$filter=${filter}&api-version=2021-04-01`;
        const { requests } = await client.pages(path);
        bareRequests += requests;
      }
    };
    await Promise.all(Array.from({ length: parallelLists }, lists));
  } else {
    const query = `resources | where type =~ 'Microsoft.ContainerInstance/containerGroups' | project id, location`;
    const path = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
    const { requests } = await client.pages(path, { query, subscriptions: ids });
    bareRequests += requests;
  }
  return { bareMs: performance.now() - startedAt, bareRequests };
}

/** When the first answer about subscriptions began to arrive. */
class FirstAnswer {
  at = 0;
  private readonly listen = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest }; // what Node publishes on this channel
    if (request.path.startsWith('/subscriptions')) {
      this.at ||= performance.now();
    }
  };

  constructor() {
    diagnostics.subscribe('http.client.response.finish', this.listen);
  }

  dispose(): void {
    diagnostics.unsubscribe('http.client.response.finish', this.listen);
  }
}
