import type { GroupRecord } from './containerGroups.ts';
import { error, type Answer } from './resourceManager.ts';

/** The metrics that are imitated, with what a container uses in the middle, and their units. */
const known: Readonly<Record<string, { readonly unit: string; readonly middle: number }>> = {
  CpuUsage: { unit: 'Count', middle: 250 }, // millicores
  MemoryUsage: { unit: 'Bytes', middle: 400_000_000 },
};

const minuteMs = 60_000;

const groupType = 'microsoft.containerinstance/containergroups';

/** Azure Monitor's *Metrics - List*, by the minute and for each container. The newest two minutes have no figure yet. */
export function metrics(group: GroupRecord, query: URLSearchParams): Answer {
  const names = (query.get('metricnames') ?? '').split(',');
  const unknown = names.find((name) => known[name] === undefined);
  if (unknown !== undefined) {
    return badRequest(
      `Failed to find metric configuration for provider: Microsoft.ContainerInstance, resource Type: containerGroups, metric: ${unknown}`,
    );
  }
  const [from = Number.NaN, until = Number.NaN] = (query.get('timespan') ?? '').split('/').map(Date.parse);
  const isSupported =
    until > from &&
    query.get('interval') === 'PT1M' &&
    query.get('aggregation')?.toLowerCase() === 'average' &&
    query.get('$filter') === "containerName eq '*'";
  if (!isSupported) {
    return badRequest('Only averages of each minute are imitated, split by containerName.');
  }
  return {
    status: 200,
    body: {
      cost: 59,
      timespan: query.get('timespan'),
      interval: 'PT1M',
      namespace: 'Microsoft.ContainerInstance/containerGroups',
      resourceregion: group.spec.location,
      value: names.map((name) => ({
        id: `${group.id}/providers/Microsoft.Insights/metrics/${name}`,
        type: 'Microsoft.Insights/metrics',
        name: { value: name, localizedValue: name },
        unit: known[name]?.unit,
        timeseries: group.containers.map(({ spec, current }, index) => ({
          metadatavalues: [
            { name: { value: 'containername', localizedValue: 'containername' }, value: spec.name },
          ],
          data: Array.from({ length: Math.floor((until - from) / minuteMs) }, (_, minute) => {
            const at = from + minute * minuteMs;
            const hasFigure = current.state === 'Running' && at < until - 2 * minuteMs;
            const wave = 1 + Math.sin((minute / 60) * 2 * Math.PI + index) / 2;
            return {
              timeStamp: new Date(at).toISOString(),
              ...(hasFigure ? { average: (known[name]?.middle ?? 0) * wave } : {}),
            };
          }),
        })),
        errorCode: 'Success',
      })),
    },
  };
}

/**
 * Azure Monitor's *Metrics - Batch*: the same for several groups of one region and subscription.
 * https://learn.microsoft.com/rest/api/monitor/metrics-batch/batch
 */
export function metricsBatch(groups: readonly GroupRecord[], query: URLSearchParams): Answer {
  const [starttime = '', endtime = ''] = [query.get('starttime'), query.get('endtime')].map(String);
  if (query.get('metricnamespace')?.toLowerCase() !== groupType) {
    return badRequest(`Only the metrics of ${groupType} are imitated.`);
  }
  const each = new URLSearchParams({
    metricnames: query.get('metricnames') ?? '',
    timespan: `${starttime}/${endtime}`,
    interval: query.get('interval') ?? '',
    aggregation: query.get('aggregation') ?? '',
    $filter: query.get('filter') ?? '',
  });
  const answers = groups.map((group) => ({ group, answer: metrics(group, each) }));
  const failed = answers.find(({ answer }) => answer.status !== 200);
  const values = answers.map(({ group, answer }) => ({
    ...answer.body,
    starttime,
    endtime,
    resourceid: group.id,
  }));
  return failed?.answer ?? { status: 200, body: { values } };
}

function badRequest(message: string): Answer {
  return error(400, 'BadRequest', message);
}
