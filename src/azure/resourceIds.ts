import { AzureError } from './errors.ts';

/** The parts of a container group's resource id. */
export interface ContainerGroupId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const pattern =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.ContainerInstance\/containerGroups\/([^/]+)$/i;

/** The parts of a container group's resource id, or undefined when it is something else. */
export function parseContainerGroupId(id: string): ContainerGroupId | undefined {
  const [, subscriptionId, resourceGroup, name] = pattern.exec(id) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || name === undefined) {
    return undefined;
  }
  return { subscriptionId, resourceGroup, name };
}

/** What the resource id of a container group, or of one of its containers, names. */
export interface ContainerId {
  readonly groupId: string;
  /** The container's name; undefined where the id is the group's. */
  readonly container: string | undefined;
  readonly isInit: boolean;
}

const containerPattern = /^(.+\/containerGroups\/[^/]+?)(?:\/(init)?containers\/([^/]+))?$/i;

/** The parts of the id of a container, an init container or a container group; undefined when it is something else. */
export function parseContainerId(id: string): ContainerId | undefined {
  const [, groupId = '', init, container] = containerPattern.exec(id) ?? [];
  return parseContainerGroupId(groupId) === undefined
    ? undefined
    : { groupId, container, isInit: init !== undefined };
}

/** @throws {AzureError} for anything but a container group's resource id. */
export function requireContainerGroupId(id: string): ContainerGroupId {
  const parsed = parseContainerGroupId(id);
  if (parsed === undefined) {
    throw new AzureError({ kind: 'unexpected', detail: 'not a container group id' });
  }
  return parsed;
}

/** The subscription of a resource's id; empty where the id is something else. */
export function subscriptionOf(id: string): string {
  return /^\/subscriptions\/([^/]+)/i.exec(id)?.[1] ?? '';
}

/** Whether two ids, of resources, subscriptions or tenants, name the same thing: Azure ignores their case. */
export function isSameId(a: string, b: string): boolean {
  return keyOf(a) === keyOf(b);
}

/**
 * A map whose keys are ids of resources, subscriptions or tenants, in whatever case they come: Resource Manager and
 * Resource Graph differ in it.
 */
export class ResourceIdMap<T> {
  private readonly entries = new Map<string, T>();

  constructor(entries: Iterable<readonly [id: string, value: T]> = []) {
    for (const [id, value] of entries) {
      this.set(id, value);
    }
  }

  get size(): number {
    return this.entries.size;
  }

  get(id: string): T | undefined {
    return this.entries.get(keyOf(id));
  }

  has(id: string): boolean {
    return this.entries.has(keyOf(id));
  }

  set(id: string, value: T): void {
    this.entries.set(keyOf(id), value);
  }

  delete(id: string): boolean {
    return this.entries.delete(keyOf(id));
  }

  /** Deletes what is kept for the resources below one, such as the containers of a group, and returns it. */
  deleteBelow(id: string): readonly T[] {
    const below = [...this.entries].filter(([key]) => key.startsWith(`${keyOf(id)}/`));
    below.forEach(([key]) => this.entries.delete(key));
    return below.map(([, value]) => value);
  }

  clear(): void {
    this.entries.clear();
  }

  values(): readonly T[] {
    return [...this.entries.values()];
  }
}

/** Each item once, in whatever case its id comes: one that changes place while a list is read may be on two pages. */
export function distinct<T>(items: readonly T[], idOf: (item: T) => string): readonly T[] {
  const found = new ResourceIdMap<T>();
  for (const item of items) {
    if (!found.has(idOf(item))) {
      found.set(idOf(item), item);
    }
  }
  return found.values();
}

function keyOf(id: string): string {
  return id.toLowerCase();
}
