import { createHash, randomUUID } from 'node:crypto';
import type { ContainerGroups, GroupRecord } from './containerGroups.ts';
import type { Answer } from './resourceManager.ts';
import type { ScenarioSubscription } from './scenario.ts';

/** As documented: so many queries of one user in a window of so many milliseconds. */
const quota = 15;
const quotaWindowMs = 5_000;

/** The types that are imitated. */
const groupType = 'microsoft.containerinstance/containergroups';
const registryType = 'microsoft.containerregistry/registries';

/** The most rows that one page may have, and the number without `$top`. */
const maxPage = 1_000;

/** The most subscriptions that one query may name. */
const maxSubscriptions = 1_000;

interface Query {
  /** All that the user may read without it. */
  readonly subscriptions: readonly string[] | undefined;
  readonly text: string;
  readonly top: number;
  readonly skip: number;
  readonly skipToken: string | undefined;
}

/** Azure Resource Graph's `resources` operation, for the part of its query language that lists container groups or finds a registry. */
export class ResourceGraph {
  private readonly groups: ContainerGroups;
  private readonly pageSize: number;
  private readonly windows = new Map<string, { readonly endsAt: number; left: number }>();

  constructor(groups: ContainerGroups, pageSize: number | undefined) {
    this.groups = groups;
    this.pageSize = pageSize ?? maxPage;
  }

  /** Answers a query over the subscriptions that the user may read: the others are left out without a word. */
  query(body: string, user: string, readable: readonly ScenarioSubscription[]): Answer {
    const headers = this.spend(user);
    if (headers === undefined) {
      return { ...failure(429, 'RateLimiting', throttled), headers: this.quotaHeaders(user) };
    }
    const answer = this.answer(body, readable);
    return { ...answer, headers };
  }

  private answer(body: string, readable: readonly ScenarioSubscription[]): Answer {
    const query = parse(body);
    if (query === undefined) {
      return failure(400, 'BadRequest', 'The request is not a query, or asks for more than it may.');
    }
    const plan = parsePlan(query.text);
    if (plan === undefined) {
      return failure(400, 'InvalidQuery', 'Query is invalid. Please refer to the documentation.');
    }
    const asked = query.subscriptions && new Set(query.subscriptions.map((id) => id.toLowerCase()));
    const scope = readable.filter(({ subscriptionId }) => asked?.has(subscriptionId.toLowerCase()) ?? true);
    if (scope.length === 0) {
      const reason = 'Access is denied to the requested resource. The user might not have enough permission.';
      return failure(403, 'AccessDenied', reason);
    }
    const start = query.skipToken === undefined ? query.skip : offsetOf(query.skipToken, query);
    if (start === undefined) {
      return failure(400, 'BadRequest', 'The skip token belongs to another query.');
    }
    const rows = scope
      .flatMap((subscription) => [
        ...this.groups.inSubscription(subscription.subscriptionId).map(toRow),
        ...registryRows(subscription),
      ])
      .filter((row) => row['type'] === plan.type)
      .filter((row) => plan.loginServer === undefined || row['loginServer'] === plan.loginServer)
      .map((row) => ({ row, keys: plan.sorting.map(({ name }) => String(row[name]).toLowerCase()) }))
      .sort((a, b) => compare(a.keys, b.keys, plan.sorting))
      .map(({ row }) => row);
    const page = rows.slice(start, start + Math.min(query.top, this.pageSize));
    const next = start + page.length;
    // Only a query that projects `id` is paged in a stable order.
    const more = next < rows.length && plan.columns.includes('id');
    return {
      status: 200,
      body: {
        totalRecords: rows.length,
        count: page.length,
        data: page.map((row) => Object.fromEntries(plan.columns.map((column) => [column, row[column]]))),
        facets: [],
        resultTruncated: next < rows.length && !more ? 'true' : 'false',
        ...(more ? { $skipToken: tokenFor(next, query) } : {}),
      },
    };
  }

  /** Takes one query off the user's quota; undefined when none is left. */
  private spend(user: string): Record<string, string> | undefined {
    const known = this.windows.get(user);
    const window =
      known === undefined || known.endsAt <= Date.now()
        ? { endsAt: Date.now() + quotaWindowMs, left: quota }
        : known;
    this.windows.set(user, window);
    if (window.left === 0) {
      return undefined;
    }
    window.left--;
    return this.quotaHeaders(user);
  }

  private quotaHeaders(user: string): Record<string, string> {
    const { endsAt, left } = this.windows.get(user) ?? { endsAt: 0, left: quota };
    const seconds = Math.max(1, Math.ceil((endsAt - Date.now()) / 1000));
    return {
      'x-ms-user-quota-remaining': String(left),
      'x-ms-user-quota-resets-after': `00:00:${String(seconds).padStart(2, '0')}`,
      'x-ms-resource-graph-request-duration': '0:00:00:00.0100000',
    };
  }
}

const throttled =
  'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.';

/** Resource Graph's errors say in `details` what is wrong (azure-cli-extensions#3325, azure-sdk-for-java#29924). */
function failure(status: number, code: string, message: string): Answer {
  const info = `Please provide below info when asking for support: timestamp = ${new Date().toISOString()}, correlationId = ${randomUUID()}.`;
  return { status, body: { error: { code, message: info, details: [{ code, message }] } } };
}

type Row = Readonly<Record<string, unknown>>;

function toRow({ id, subscriptionId, spec }: GroupRecord): Row {
  return {
    id,
    name: spec.name,
    type: groupType,
    location: spec.location,
    subscriptionId,
    resourceGroup: spec.resourceGroup.toLowerCase(),
  };
}

function registryRows({ subscriptionId, registries = [] }: ScenarioSubscription): readonly Row[] {
  return registries.map(({ name, resourceGroup }) => ({
    id: `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${name}`,
    name,
    type: registryType,
    subscriptionId,
    resourceGroup: resourceGroup.toLowerCase(),
    loginServer: `${name}.azurecr.io`.toLowerCase(),
  }));
}

interface Plan {
  readonly type: string;
  /** That of a registry. */
  readonly loginServer: string | undefined;
  readonly columns: readonly string[];
  readonly sorting: readonly { readonly name: string; readonly sign: number }[];
}

const columnNames: readonly string[] = ['id', 'name', 'type', 'location', 'subscriptionId', 'resourceGroup'];

/** Reads `resources | where type =~ '…' | where properties.loginServer =~ '…' | order by … | project …`; undefined for anything else. */
function parsePlan(text: string): Plan | undefined {
  const [, type, loginServer, order, columns] =
    /^\s*resources\s*\|\s*where\s+type\s*=~\s*'([^']+)'\s*(?:\|\s*where\s+properties\.loginServer\s*=~\s*'([^']+)'\s*)?(?:\|\s*order\s+by\s+([\w\s,]+?)\s*)?\|\s*project\s+([\w\s,]+?)\s*$/i.exec(
      text,
    ) ?? [];
  if (type === undefined || columns === undefined) {
    return undefined;
  }
  const projected = columns.split(',').map((name) => name.trim());
  const sorting = (order ?? 'id asc').split(',').map((term) => {
    const [name = '', direction = 'desc'] = term.trim().split(/\s+/);
    return { name, sign: direction === 'asc' ? 1 : -1 };
  });
  if (![...projected, ...sorting.map(({ name }) => name)].every((name) => columnNames.includes(name))) {
    return undefined;
  }
  return {
    type: type.toLowerCase(),
    loginServer: loginServer?.toLowerCase(),
    columns: projected,
    sorting,
  };
}

function compare(a: readonly string[], b: readonly string[], sorting: Plan['sorting']): number {
  for (const [index, { sign }] of sorting.entries()) {
    const [left = '', right = ''] = [a[index], b[index]];
    if (left !== right) {
      return left < right ? -sign : sign;
    }
  }
  return 0;
}

function parse(body: string): Query | undefined {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      return undefined;
    }
    throw cause;
  }
  const subscriptions = field(request, 'subscriptions');
  const options = field(request, 'options');
  const text = field(request, 'query');
  const top = Number(field(options, '$top') ?? maxPage);
  const skipToken = field(options, '$skipToken');
  if (
    typeof text !== 'string' ||
    !isScope(subscriptions) ||
    !Number.isInteger(top) ||
    top < 1 ||
    top > maxPage
  ) {
    return undefined;
  }
  return {
    subscriptions: subscriptions?.map(String),
    text,
    top,
    skip: Number(field(options, '$skip') ?? 0),
    skipToken: typeof skipToken === 'string' ? skipToken : undefined,
  };
}

function isScope(subscriptions: unknown): subscriptions is readonly unknown[] | undefined {
  return (
    subscriptions === undefined || (Array.isArray(subscriptions) && subscriptions.length <= maxSubscriptions)
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

/** A token is good for its own query and subscriptions only. */
function tokenFor(offset: number, query: Query): string {
  return Buffer.from(JSON.stringify({ offset, query: fingerprint(query) })).toString('base64');
}

function offsetOf(token: string, query: Query): number | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64').toString());
    return field(content, 'query') === fingerprint(query) ? Number(field(content, 'offset')) : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      return undefined;
    }
    throw cause;
  }
}

function fingerprint({ text, subscriptions }: Query): string {
  return createHash('sha256').update(text).update(String(subscriptions)).digest('base64');
}
