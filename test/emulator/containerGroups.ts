import { randomUUID } from 'node:crypto';
import { ContainerLog } from './containerLog.ts';
import {
  subscriptionsOf,
  type ContainerStateBody,
  type EventBody,
  type Scenario,
  type ScenarioContainer,
  type ScenarioGroup,
} from './scenario.ts';

/** A container as it is now. */
export interface ContainerRecord {
  readonly spec: ScenarioContainer;
  readonly startedAt: number;
  /** That of its last run. */
  log: ContainerLog;
  current: ContainerStateBody;
  previous: ContainerStateBody | undefined;
  restartCount: number;
  readonly events: EventBody[];
}

/** A container group as it is now. */
export interface GroupRecord {
  readonly id: string;
  readonly subscriptionId: string;
  readonly spec: ScenarioGroup;
  readonly containers: readonly ContainerRecord[];
  readonly initContainers: readonly ContainerRecord[];
  provisioningState: string;
  state: string;
  timer: NodeJS.Timeout | undefined;
}

export interface OperationRecord {
  readonly id: string;
  readonly groupId: string;
  readonly startTime: string;
  status: 'Pending' | 'Succeeded';
}

/** A change to containers from outside: what Azure itself does when one ends. */
export interface ContainerChange {
  /** All containers of the group without it. */
  readonly container?: string;
  readonly state?: string;
  readonly exitCode?: number;
  readonly detailStatus?: string;
  readonly groupState?: string;
  readonly provisioningState?: string;
}

/** All container groups and what happens to them. */
export class ContainerGroups {
  private readonly groups = new Map<string, GroupRecord>();
  private readonly bySubscription = new Map<string, Set<GroupRecord>>();
  private readonly operations = new Map<string, OperationRecord>();
  private readonly transitionMs: number;
  /** How long a running container takes for each further line of its log, in milliseconds. */
  logLineMs: number;
  /** Called when the containers of a group stop under their sessions. */
  onTornDown: (groupId: string, container?: string) => void = () => undefined;

  constructor(scenario: Scenario) {
    this.transitionMs = scenario.timings?.transitionMs ?? 300;
    this.logLineMs = scenario.timings?.logLineMs ?? 1000;
    const toContainer = (spec: ScenarioContainer) => toRecord(spec, this.newLog(spec, Date.now() - anHourMs));
    for (const { subscriptionId, groups } of subscriptionsOf(scenario)) {
      const inSubscription = new Set<GroupRecord>();
      this.bySubscription.set(subscriptionId.toLowerCase(), inSubscription);
      for (const spec of groups) {
        const id = `/subscriptions/${subscriptionId}/resourceGroups/${spec.resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${spec.name}`;
        const group: GroupRecord = {
          id,
          subscriptionId,
          spec,
          containers: spec.containers.map(toContainer),
          initContainers: (spec.initContainers ?? []).map(toContainer),
          provisioningState: spec.provisioningState ?? 'Succeeded',
          state: spec.state ?? 'Running',
          timer: undefined,
        };
        this.groups.set(id.toLowerCase(), group);
        inSubscription.add(group);
      }
    }
  }

  find(id: string): GroupRecord | undefined {
    return this.groups.get(id.toLowerCase());
  }

  inSubscription(subscriptionId: string): readonly GroupRecord[] {
    return [...(this.bySubscription.get(subscriptionId.toLowerCase()) ?? [])];
  }

  operation(id: string): OperationRecord | undefined {
    return this.operations.get(id);
  }

  /** Stop is at once: the next GET shows it (Stop-AzContainerGroup recording). */
  stop(group: GroupRecord): void {
    clearTimeout(group.timer);
    group.provisioningState = 'Succeeded';
    group.state = 'Stopped';
    for (const container of group.containers) {
      if (container.current.state === 'Running') {
        container.previous = container.current;
        container.current = {
          state: 'Terminated',
          finishTime: new Date().toISOString(),
          detailStatus: 'Container stopped per client request',
        };
        container.log.end();
        note(container, 'Killing', `Killing container ${container.spec.name} (platform initiated).`);
      }
    }
    this.onTornDown(group.id);
  }

  /** Restart shows `Updating` with the old start time for a while (Restart-AzContainerGroup recording). */
  restart(group: GroupRecord): OperationRecord {
    const operation = this.newOperation(group);
    group.provisioningState = 'Updating';
    this.onTornDown(group.id);
    this.settle(group, operation);
    return operation;
  }

  /** Start on a running group does nothing. */
  start(group: GroupRecord): OperationRecord | undefined {
    if (group.state === 'Running' && group.provisioningState === 'Succeeded') {
      return undefined;
    }
    const operation = this.newOperation(group);
    group.provisioningState = 'Pending';
    group.state = 'Pending';
    for (const container of group.containers) {
      container.previous = container.current;
      container.current = { state: 'Waiting', detailStatus: '' };
    }
    this.settle(group, operation);
    return operation;
  }

  change(group: GroupRecord, change: ContainerChange): void {
    const { container: name, state, groupState, provisioningState, ...details } = change;
    clearTimeout(group.timer);
    group.state = groupState ?? group.state;
    group.provisioningState = provisioningState ?? group.provisioningState;
    for (const container of group.containers) {
      if (state === undefined || (name !== undefined && container.spec.name !== name)) {
        continue;
      }
      const now = new Date().toISOString();
      const times = {
        Running: { startTime: now },
        Terminated: { exitCode: 0, finishTime: now },
      }[state];
      container.previous = container.current;
      container.current = {
        state,
        detailStatus: '',
        ...times,
        ...('exitCode' in details ? { exitCode: details.exitCode } : {}),
        ...('detailStatus' in details ? { detailStatus: details.detailStatus } : {}),
      };
      if (state === 'Running') {
        container.log = this.newLog(container.spec, Date.now());
      } else {
        container.log.end();
        this.onTornDown(group.id, container.spec.name);
      }
    }
  }

  /** A container of the group writes lines; its first one without a name. */
  write(group: GroupRecord, name: string | undefined, lines: readonly string[]): void {
    const container = group.containers.find(({ spec }) => name === undefined || spec.name === name);
    container?.log.write(lines);
  }

  delete(group: GroupRecord): void {
    clearTimeout(group.timer);
    this.groups.delete(group.id.toLowerCase());
    this.bySubscription.get(group.subscriptionId.toLowerCase())?.delete(group);
    this.onTornDown(group.id);
  }

  close(): void {
    for (const group of this.groups.values()) {
      clearTimeout(group.timer);
    }
  }

  private newLog(spec: ScenarioContainer, startedAt: number): ContainerLog {
    return new ContainerLog(spec.log ?? ['Listening on port 80'], startedAt, () => this.logLineMs);
  }

  private newOperation(group: GroupRecord): OperationRecord {
    const operation: OperationRecord = {
      id: randomUUID(),
      groupId: group.id,
      startTime: new Date().toISOString(),
      status: 'Pending',
    };
    this.operations.set(operation.id, operation);
    return operation;
  }

  private settle(group: GroupRecord, operation: OperationRecord): void {
    clearTimeout(group.timer);
    group.timer = setTimeout(() => {
      operation.status = 'Succeeded';
      group.provisioningState = 'Succeeded';
      group.state = 'Running';
      for (const container of group.containers) {
        if (container.current.state === 'Running') {
          container.previous = container.current;
        }
        container.current = { state: 'Running', startTime: new Date().toISOString(), detailStatus: '' };
        container.log = this.newLog(container.spec, Date.now());
        note(container, 'Started', 'Started container');
      }
    }, this.transitionMs);
  }
}

/** For so long has a container run where the scenario does not tell. */
const anHourMs = 3_600_000;

function toRecord(spec: ScenarioContainer, log: ContainerLog): ContainerRecord {
  const startedAt = Date.now() - anHourMs;
  if ((spec.currentState?.state ?? 'Running') !== 'Running') {
    log.end();
  }
  return {
    spec,
    startedAt,
    log,
    current: spec.currentState ?? {
      state: 'Running',
      startTime: new Date(startedAt).toISOString(),
      detailStatus: '',
    },
    previous: spec.previousState,
    restartCount: spec.restartCount ?? 0,
    events: [...(spec.events ?? firstEvents(spec, startedAt))],
  };
}

function firstEvents(
  { image, currentState, previousState }: ScenarioContainer,
  startedAt: number,
): readonly EventBody[] {
  const written = Date.parse(currentState?.startTime ?? previousState?.startTime ?? '');
  const started = Number.isNaN(written) ? startedAt : written;
  return [
    newEvent('Pulling', `pulling image "${image}"`, started - 15_000),
    newEvent('Pulled', `Successfully pulled image "${image}"`, started - 10_000),
    newEvent('Started', 'Started container', started),
  ];
}

function newEvent(name: string, message: string, at: number): EventBody {
  return { count: 1, firstTimestamp: seconds(at), lastTimestamp: seconds(at), name, message, type: 'Normal' };
}

/** The same event once more only counts (Stop-AzContainerGroup recording). */
function note({ events }: ContainerRecord, name: string, message: string): void {
  const index = events.findIndex((event) => event.name === name && event.message === message);
  const known = events[index];
  if (known === undefined) {
    events.push(newEvent(name, message, Date.now()));
  } else {
    events[index] = { ...known, count: known.count + 1, lastTimestamp: seconds(Date.now()) };
  }
}

/** The body of a GET, or of a list item: that one never has an instance view. */
export function groupBody(group: GroupRecord, instanceView: boolean): object {
  const { spec } = group;
  return {
    properties: {
      sku: spec.sku ?? 'Standard',
      isCreatedFromStandbyPool: false,
      provisioningState: group.provisioningState,
      provisioningTimeoutInSeconds: 1800,
      isCustomProvisioningTimeout: false,
      containers: group.containers.map((container) => containerBody(container, instanceView)),
      initContainers: group.initContainers.map((container) => containerBody(container, instanceView)),
      ...(spec.sku === 'Confidential'
        ? { confidentialComputeProperties: { ccePolicy: denyExecPolicy } }
        : {}),
      ...(spec.restartPolicy === undefined ? {} : { restartPolicy: spec.restartPolicy }),
      osType: spec.osType ?? 'Linux',
      ...spec.properties,
      ...(instanceView ? { instanceView: { events: spec.events ?? [], state: group.state } } : {}),
    },
    id: group.id,
    name: spec.name,
    type: 'Microsoft.ContainerInstance/containerGroups',
    location: spec.location,
    tags: spec.tags ?? {},
  };
}

const denyExecPolicy = Buffer.from(
  'package policy\n\nexec_in_container := {"allowed": false}\nexec_external := {"allowed": false}\n',
).toString('base64');

function containerBody(container: ContainerRecord, instanceView: boolean): object {
  const { spec } = container;
  return {
    name: spec.name,
    properties: {
      image: spec.image,
      ports: [],
      environmentVariables: spec.environmentVariables ?? [],
      ...(instanceView
        ? {
            instanceView: {
              restartCount: container.restartCount,
              currentState: container.current,
              ...(container.previous === undefined ? {} : { previousState: container.previous }),
              events: container.events,
            },
          }
        : {}),
      resources: { requests: { memoryInGB: 1.5, cpu: 1 } },
      ...spec.properties,
    },
  };
}

function seconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** What the service has of a container's log; undefined while it waits for its first start. */
export function logOf({ current, previous, log }: ContainerRecord): ContainerLog | undefined {
  return current.state === 'Waiting' && previous === undefined ? undefined : log;
}
