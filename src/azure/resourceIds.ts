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
