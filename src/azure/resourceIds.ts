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

/** @throws {AzureError} for anything but a container group's resource id. */
export function requireContainerGroupId(id: string): ContainerGroupId {
  const parsed = parseContainerGroupId(id);
  if (parsed === undefined) {
    throw new AzureError({ kind: 'unexpected', detail: 'not a container group id' });
  }
  return parsed;
}

/** The subscription of a container group's resource id as a key, as Azure compares ids without regard to case. */
export function subscriptionOf(id: string): string {
  return parseContainerGroupId(id)?.subscriptionId.toLowerCase() ?? '';
}
