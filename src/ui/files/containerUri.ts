import { posix } from 'node:path';
import * as vscode from 'vscode';
import { areAllowedNames } from '../../azure/names.ts';
import { parseContainerGroupId } from '../../azure/resourceIds.ts';

/**
 * The scheme of files in containers: `aci://SUBSCRIPTION~RESOURCE GROUP+GROUP+CONTAINER/path/in/it`. VS Code shows what is
 * after the first `+`, as `resourceLabelFormatters` of the manifest says.
 */
export const containerScheme = 'aci';

/** A container and a path in it. */
export interface ContainerPath {
  readonly groupId: string;
  readonly containerName: string;
  /** Absolute. */
  readonly path: string;
}

/** The address of a path in a container. VS Code ignores the case of these names, as Azure does. */
export function containerUri({ groupId, containerName, path }: ContainerPath): vscode.Uri {
  const { subscriptionId = '', resourceGroup = '', name = '' } = parseContainerGroupId(groupId) ?? {};
  const authority = `${subscriptionId}~${resourceGroup}+${name}+${containerName}`;
  return vscode.Uri.from({ scheme: containerScheme, authority, path });
}

/** What such an address means; undefined where it is none, or holds names that Azure does not allow. */
export function parseContainerUri({ scheme, authority, path }: vscode.Uri): ContainerPath | undefined {
  const [, subscriptionId = '', resourceGroup = '', name = '', containerName = ''] =
    /^([^~+]*)~([^~+]*)\+([^+]*)\+([^+]*)$/.exec(authority) ?? [];
  if (
    scheme !== containerScheme ||
    !areAllowedNames({ subscriptionId, resourceGroup, name }, containerName)
  ) {
    return undefined;
  }
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
  return { groupId, containerName, path: posix.normalize(path || '/').replace(/(?<=.)\/$/, '') };
}
