import { fieldOf, integerOf, itemsOf, numberOf, textOf } from '../base/json.ts';
import { AzureError } from './errors.ts';
import { maskTags } from './masking.ts';
import { distinct, parseContainerGroupId, parseContainerId, requireContainerGroupId } from './resourceIds.ts';

/** What a list tells of a container group: never its state. */
export interface ContainerGroupSummary {
  /** The resource id: the only key, as names repeat across resource groups. */
  readonly id: string;
  readonly name: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly location: string;
}

/** A container group with its instance view. States are open strings: Azure adds some over time. */
export interface ContainerGroup extends ContainerGroupSummary {
  /** `Linux` or `Windows`; empty where Azure does not tell. */
  readonly osType: string;
  readonly provisioningState: string | undefined;
  readonly state: string | undefined;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  /** `Always`, `OnFailure` or `Never`. */
  readonly restartPolicy: string | undefined;
  readonly sku: string | undefined;
  /** `Regular` or `Spot`. */
  readonly priority: string | undefined;
  /** Undefined where the group has none, or none any more. */
  readonly ipAddress: IpAddress | undefined;
  /** Values of tags that are named like secrets are masked. */
  readonly tags: Readonly<Record<string, string>>;
  /** What concerns the group as a whole, such as a volume that cannot be mounted. */
  readonly events: readonly ContainerEvent[];
}

/** Where a container group can be reached. */
interface IpAddress {
  /** `Public` or `Private`. */
  readonly type: string | undefined;
  /** Azure gives it when the group has started. */
  readonly ip: string | undefined;
  readonly fqdn: string | undefined;
  readonly ports: readonly Port[];
}

interface Port {
  readonly port: number;
  /** `TCP` or `UDP`. */
  readonly protocol: string;
}

/** What a container is promised, or may use at most. */
export interface Resources {
  /** In cores. */
  readonly cpu: number | undefined;
  readonly memoryInGB: number | undefined;
}

/** A container or init container of a group. Environment values and commands are left out: they hold secrets. */
export interface Container {
  /** The group's resource id, then `/containers/NAME` or `/initContainers/NAME`. */
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly restartCount: number;
  /** Undefined where Azure sends no instance view yet. */
  readonly current: ContainerState | undefined;
  readonly previous: ContainerState | undefined;
  readonly ports: readonly Port[];
  readonly requests: Resources;
  readonly limits: Resources;
  readonly events: readonly ContainerEvent[];
}

/** Something that Azure has noted, once or several times. */
export interface ContainerEvent {
  /** `Pulling`, `Started`, `FailedMount`…: Azure adds some over time. */
  readonly name: string;
  readonly message: string;
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly count: number;
  readonly first: Date | undefined;
  readonly last: Date | undefined;
}

export interface ContainerState {
  readonly state: string;
  readonly detailStatus: string;
  /** Azure leaves it out for a container stopped by its client. */
  readonly exitCode: number | undefined;
  readonly startTime: Date | undefined;
  readonly finishTime: Date | undefined;
}

/** Whether Exec can start something in the container. Azure itself answers 200 for an ended one. */
export function isRunning(container: Container): boolean {
  return container.current?.state === 'Running';
}

/** Whether a container's resource id is that of an init container. */
export function isInitContainer(id: string): boolean {
  return parseContainerId(id)?.isInit ?? false;
}

/** Reads an item of a list; undefined where it is no container group. */
export function toSummary(resource: unknown): ContainerGroupSummary | undefined {
  const id = textOf(fieldOf(resource, 'id')) ?? '';
  const parsed = parseContainerGroupId(id);
  return parsed === undefined
    ? undefined
    : { id, ...parsed, location: textOf(fieldOf(resource, 'location')) ?? '' };
}

/**
 * Reads the answer of a GET as the SDK passes it on, which checks no field. Every field but the containers may be absent
 * in real answers.
 * @throws {AzureError} for anything but a container group.
 */
export function toContainerGroup(group: unknown, id: string): ContainerGroup {
  const containers = fieldOf(group, 'containers');
  if (!Array.isArray(containers)) {
    throw new AzureError({ kind: 'notAzure', detail: 'a container group without containers' });
  }
  return {
    id,
    ...requireContainerGroupId(id),
    location: textOf(fieldOf(group, 'location')) ?? '',
    osType: textOf(fieldOf(group, 'osType')) ?? '',
    provisioningState: textOf(fieldOf(group, 'provisioningState')),
    state: textOf(fieldOf(fieldOf(group, 'instanceView'), 'state')),
    containers: toContainers(containers, `${id}/containers`),
    initContainers: toContainers(fieldOf(group, 'initContainers'), `${id}/initContainers`),
    restartPolicy: textOf(fieldOf(group, 'restartPolicy')),
    sku: textOf(fieldOf(group, 'sku')),
    priority: textOf(fieldOf(group, 'priority')),
    ipAddress: toIpAddress(fieldOf(group, 'ipAddress')),
    tags: maskTags(fieldOf(group, 'tags')),
    events: toEvents(fieldOf(fieldOf(group, 'instanceView'), 'events')),
  };
}

/** The containers of a list; one without a name is none. */
function toContainers(list: unknown, parent: string): readonly Container[] {
  const containers = itemsOf(list).flatMap((item) => {
    const name = textOf(fieldOf(item, 'name'));
    return name === undefined ? [] : toContainer(item, name, parent);
  });
  return distinct(containers, ({ id }) => id);
}

function toContainer(item: unknown, name: string, parent: string): Container {
  const view = fieldOf(item, 'instanceView');
  return {
    id: `${parent}/${name}`,
    name,
    image: textOf(fieldOf(item, 'image')) ?? '',
    restartCount: integerOf(fieldOf(view, 'restartCount')) ?? 0,
    current: toState(fieldOf(view, 'currentState')),
    previous: toState(fieldOf(view, 'previousState')),
    ports: toPorts(fieldOf(item, 'ports')),
    requests: toResources(fieldOf(fieldOf(item, 'resources'), 'requests')),
    limits: toResources(fieldOf(fieldOf(item, 'resources'), 'limits')),
    events: toEvents(fieldOf(view, 'events')),
  };
}

function toIpAddress(value: unknown): IpAddress | undefined {
  const address = {
    type: textOf(fieldOf(value, 'type')),
    ip: textOf(fieldOf(value, 'ip')),
    fqdn: textOf(fieldOf(value, 'fqdn')),
    ports: toPorts(fieldOf(value, 'ports')),
  };
  return address.ip === undefined && address.fqdn === undefined && address.ports.length === 0
    ? undefined
    : address;
}

function toPorts(list: unknown): readonly Port[] {
  return itemsOf(list).flatMap((item) => {
    const port = integerOf(fieldOf(item, 'port'));
    return port === undefined || port < 1 || port > 65_535
      ? []
      : [{ port, protocol: textOf(fieldOf(item, 'protocol')) ?? 'TCP' }];
  });
}

function toResources(value: unknown): Resources {
  return { cpu: numberOf(fieldOf(value, 'cpu')), memoryInGB: numberOf(fieldOf(value, 'memoryInGB')) };
}

/** The events of a list, in its order; one without a name is none. */
function toEvents(list: unknown): readonly ContainerEvent[] {
  return itemsOf(list).flatMap((item) => {
    const name = textOf(fieldOf(item, 'name'));
    return name === undefined
      ? []
      : {
          name,
          message: textOf(fieldOf(item, 'message')) ?? '',
          type: textOf(fieldOf(item, 'type')) ?? '',
          count: integerOf(fieldOf(item, 'count')) ?? 1,
          first: toTime(fieldOf(item, 'firstTimestamp')),
          last: toTime(fieldOf(item, 'lastTimestamp')),
        };
  });
}

function toState(value: unknown): ContainerState | undefined {
  const state = textOf(fieldOf(value, 'state'));
  return state === undefined
    ? undefined
    : {
        state,
        detailStatus: textOf(fieldOf(value, 'detailStatus')) ?? '',
        exitCode: integerOf(fieldOf(value, 'exitCode')),
        startTime: toTime(fieldOf(value, 'startTime')),
        finishTime: toTime(fieldOf(value, 'finishTime')),
      };
}

/** The SDK makes a `Date` of any text. */
function toTime(value: unknown): Date | undefined {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value : undefined;
}
