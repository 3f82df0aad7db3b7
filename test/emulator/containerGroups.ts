import { randomUUID } from 'node:crypto';
import type { ContainerStateBody, Scenario, ScenarioContainer, ScenarioGroup } from './scenario.ts';

interface ContainerRecord {
  readonly spec: ScenarioContainer;
  readonly startedAt: number;
  current: ContainerStateBody;
  previous: ContainerStateBody | undefined;
  restartCount: number;
  readonly events: { readonly name: string; readonly at: number; readonly message: string }[];
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

/** All container groups and what happens to them. */
export class ContainerGroups {
  private readonly groups = new Map<string, GroupRecord>();
  private readonly operations = new Map<string, OperationRecord>();
  private readonly transitionMs: number;
  /** Called when the containers of a group stop under their sessions. */
  onTornDown: (groupId: string) => void = () => undefined;

  constructor(scenario: Scenario) {
    this.transitionMs = scenario.timings?.transitionMs ?? 300;
    for (const { subscriptionId, groups } of scenario.subscriptions) {
      for (const spec of groups) {
        const id = `/subscriptions/${subscriptionId}/resourceGroups/${spec.resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${spec.name}`;
        this.groups.set(id.toLowerCase(), {
          id,
          subscriptionId,
          spec,
          containers: spec.containers.map(toRecord),
          initContainers: (spec.initContainers ?? []).map(toRecord),
          provisioningState: spec.provisioningState ?? 'Succeeded',
          state: spec.state ?? 'Running',
          timer: undefined,
        });
      }
    }
  }

  find(id: string): GroupRecord | undefined {
    return this.groups.get(id.toLowerCase());
  }

  inSubscription(subscriptionId: string): readonly GroupRecord[] {
    return [...this.groups.values()].filter((group) => group.subscriptionId === subscriptionId);
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
        container.events.push({
          name: 'Killing',
          at: Date.now(),
          message: `Killing container ${container.spec.name} (platform initiated).`,
        });
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

  delete(group: GroupRecord): void {
    clearTimeout(group.timer);
    this.groups.delete(group.id.toLowerCase());
    this.onTornDown(group.id);
  }

  close(): void {
    for (const group of this.groups.values()) {
      clearTimeout(group.timer);
    }
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
        container.current = { state: 'Running', startTime: new Date().toISOString(), detailStatus: '' };
        container.events.push({ name: 'Started', at: Date.now(), message: 'Started container' });
      }
    }, this.transitionMs);
  }
}

function toRecord(spec: ScenarioContainer): ContainerRecord {
  const startedAt = Date.now() - 3_600_000;
  return {
    spec,
    startedAt,
    current: spec.currentState ?? {
      state: 'Running',
      startTime: new Date(startedAt).toISOString(),
      detailStatus: '',
    },
    previous: spec.previousState,
    restartCount: spec.restartCount ?? 0,
    events: [
      { name: 'Pulling', at: startedAt - 15_000, message: `pulling image "${spec.image}"` },
      { name: 'Pulled', at: startedAt - 10_000, message: `Successfully pulled image "${spec.image}"` },
      { name: 'Started', at: startedAt, message: 'Started container' },
    ],
  };
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
      ...(instanceView ? { instanceView: { events: [], state: group.state } } : {}),
    },
    id: group.id,
    name: spec.name,
    type: 'Microsoft.ContainerInstance/containerGroups',
    location: spec.location,
    tags: {},
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
              events: container.events.map(({ name, at, message }) => ({
                count: 1,
                firstTimestamp: seconds(at),
                lastTimestamp: seconds(at),
                name,
                message,
                type: 'Normal',
              })),
            },
          }
        : {}),
      resources: { requests: { memoryInGB: 1.5, cpu: 1 } },
    },
  };
}

function seconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** The log of a container, LF line ends; undefined while it waits for its first start. */
export function containerLog(
  container: ContainerRecord,
  options: { readonly tail: number | undefined; readonly timestamps: boolean },
): string | undefined {
  if (container.current.state === 'Waiting' && container.previous === undefined) {
    return undefined;
  }
  const fixed = (container.spec.log ?? ['Listening on port 80']).map((text, index) => ({
    at: container.startedAt + index,
    text,
  }));
  const running = container.current.state === 'Running';
  const beats = running ? Math.min(100, Math.floor((Date.now() - container.startedAt) / 1000) - 3_600) : 0;
  const lines = [
    ...fixed,
    ...Array.from({ length: Math.max(0, beats) }, (_, index) => ({
      at: container.startedAt + 3_600_000 + index * 1000,
      text: `GET /health 200 ${index}`,
    })),
  ];
  const shown = options.tail === undefined ? lines : lines.slice(-options.tail);
  return shown
    .map(
      ({ at, text }) =>
        `${options.timestamps ? `${new Date(at).toISOString().replace('Z', '000000Z')} ` : ''}${text}\n`,
    )
    .join('');
}
