import type * as sdk from '@azure/arm-containerinstance';
import { parseContainerGroupId } from './resourceIds.ts';

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

/** Reads a list item or a resource; undefined when its id is not a container group's. */
export function toSummary(resource: { id?: string; location?: string }): ContainerGroupSummary | undefined {
  const parsed = parseContainerGroupId(resource.id ?? '');
  if (resource.id === undefined || parsed === undefined) {
    return undefined;
  }
  return { id: resource.id, ...parsed, location: resource.location ?? '' };
}

/** Reads the answer of a GET. Every field but the id may be absent in real answers. */
export function toContainerGroup(group: sdk.ContainerGroup, id: string): ContainerGroup {
  const summary = toSummary({ id, ...(group.location === undefined ? {} : { location: group.location }) });
  if (summary === undefined) {
    throw new TypeError('not a container group id');
  }
  return {
    ...summary,
    osType: orEmpty(group.osType),
    provisioningState: group.provisioningState,
    state: group.instanceView?.state,
    containers: group.containers.map((item) => toContainer(item, orEmpty(item.image), `${id}/containers`)),
    initContainers: (group.initContainers ?? []).map((item) =>
      toContainer(item, orEmpty(item.image), `${id}/initContainers`),
    ),
  };
}

interface InstanceView {
  readonly restartCount?: number;
  readonly currentState?: sdk.ContainerState;
  readonly previousState?: sdk.ContainerState;
}

function toContainer(
  item: { readonly name: string; readonly instanceView?: InstanceView },
  image: string,
  parent: string,
): Container {
  return {
    id: `${parent}/${item.name}`,
    name: item.name,
    image,
    restartCount: item.instanceView?.restartCount ?? 0,
    current: toState(item.instanceView?.currentState),
    previous: toState(item.instanceView?.previousState),
  };
}

function toState(state: sdk.ContainerState | undefined): ContainerState | undefined {
  if (state?.state === undefined) {
    return undefined;
  }
  return {
    state: state.state,
    detailStatus: state.detailStatus ?? '',
    exitCode: state.exitCode,
    startTime: toTime(state.startTime),
    finishTime: toTime(state.finishTime),
  };
}

/** The SDK makes a `Date` of any text. */
function toTime(date: Date | undefined): Date | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

/** A text that the SDK's types promise, and an answer may leave out all the same. */
function orEmpty(text: string | undefined): string {
  return text ?? '';
}
