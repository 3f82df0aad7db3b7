import { fieldOf, itemsOf, numberOf, textOf } from '../../base/json.ts';
import { AzureError } from '../errors.ts';
import { requireContainerGroupId } from '../resourceIds.ts';
import type { Requests } from './requests.ts';

/** What the containers of a group used, minute by minute. */
export interface Usage {
  /** When the last minute began. */
  readonly until: Date;
  readonly containers: readonly ContainerUsage[];
}

/** Averages of each minute, oldest first; minutes that Azure has no figure for are left out. */
export interface ContainerUsage {
  readonly container: string;
  /** In cores. */
  readonly cpu: readonly number[];
  /** In bytes. */
  readonly memory: readonly number[];
}

/** The newest version of Azure Monitor's *Metrics - List*. */
const apiVersion = '2023-10-01';

const minuteMs = 60_000;

/** Nobody waits for figures longer than this, in seconds. */
const timeoutSeconds = 3;

/** *Metrics* of Azure Monitor. Every method throws {@link AzureError} or an AbortError. */
export class MetricOperations {
  private readonly requests: Requests;

  constructor(requests: Requests) {
    this.requests = requests;
  }

  /** What each container of a group used in the last hour. Azure's figures are a few minutes late. */
  async lastHour(groupId: string, signal: AbortSignal): Promise<Usage> {
    requireContainerGroupId(groupId);
    const until = new Date(Math.floor(Date.now() / minuteMs) * minuteMs);
    const from = new Date(until.getTime() - 60 * minuteMs);
    const answer = await this.requests.getJson(
      'Microsoft.Insights/metrics/read',
      `${groupId}/providers/Microsoft.Insights/metrics`,
      {
        'api-version': apiVersion,
        metricnames: 'CpuUsage,MemoryUsage',
        aggregation: 'Average',
        timespan: `${from.toISOString()}/${until.toISOString()}`,
        interval: 'PT1M',
        $filter: "containerName eq '*'",
      },
      signal,
      timeoutSeconds,
    );
    return { until, containers: toUsages(answer) };
  }
}

function toUsages(answer: unknown): readonly ContainerUsage[] {
  const metrics = fieldOf(answer, 'value');
  if (!Array.isArray(metrics)) {
    throw new AzureError({ kind: 'notAzure', detail: 'Azure Monitor answered no list' });
  }
  const cpu = seriesOf(metrics, 'CpuUsage');
  const memory = seriesOf(metrics, 'MemoryUsage');
  return [...new Set([...cpu.keys(), ...memory.keys()])].map((container) => ({
    container,
    cpu: (cpu.get(container) ?? []).map((millicores) => millicores / 1000),
    memory: memory.get(container) ?? [],
  }));
}

/** The averages of one metric by container. */
function seriesOf(metrics: readonly unknown[], name: string): ReadonlyMap<string, readonly number[]> {
  const metric = metrics.find((item) => fieldOf(fieldOf(item, 'name'), 'value') === name);
  return new Map(
    itemsOf(fieldOf(metric, 'timeseries')).flatMap((series) => {
      const [dimension] = itemsOf(fieldOf(series, 'metadatavalues'));
      const container = textOf(fieldOf(dimension, 'value'));
      const points = itemsOf(fieldOf(series, 'data')).map((point) => numberOf(fieldOf(point, 'average')));
      return container === undefined
        ? []
        : [[container, points.filter((value) => value !== undefined)] as const];
    }),
  );
}
