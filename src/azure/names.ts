import type { ContainerGroupId } from './resourceIds.ts';

// Azure's rules; nothing that they allow has a meaning in a query, in markup or in a shell.
const subscriptionRule = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const resourceGroupRule = /^[\p{L}\p{N}_().-]{1,90}$/u;
const containerRule = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;

/** Whether Azure allows the names of a container and of what it is in: those of an address may be anything. */
export function areAllowedNames(
  { subscriptionId, resourceGroup, name }: ContainerGroupId,
  container: string,
): boolean {
  return (
    subscriptionRule.test(subscriptionId) &&
    resourceGroupRule.test(resourceGroup) &&
    containerRule.test(name) &&
    containerRule.test(container)
  );
}
