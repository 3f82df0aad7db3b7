import type * as vscode from 'vscode';
import { areAllowedNames } from '../../azure/names.ts';
import { parseContainerGroupId, type ContainerGroupId } from '../../azure/resourceIds.ts';

/** The container that a link opens a terminal in. */
export interface ExecLink extends ContainerGroupId {
  readonly groupId: string;
  readonly containerName: string;
}

/** Where the links of this extension go: the VS Code that made them, and the extension. */
export interface LinkBase {
  /** `vscode.env.uriScheme`. */
  readonly scheme: string;
  readonly extensionId: string;
}

/** The link that opens a terminal in a container; it names no command. */
export function execLink({ scheme, extensionId }: LinkBase, groupId: string, container: string): string {
  const query = `resourceId=${encodeURIComponent(groupId)}&container=${encodeURIComponent(container)}`;
  return `${scheme}://${extensionId}/exec?${query}`;
}

/** Reads a link; undefined where it does not name one container by names that Azure allows. */
export function parseExecLink({ path, query }: Pick<vscode.Uri, 'path' | 'query'>): ExecLink | undefined {
  const parameters = new URLSearchParams(query);
  const [groupId, ...moreIds] = parameters.getAll('resourceId');
  const [containerName, ...moreContainers] = parameters.getAll('container');
  const isOne = moreIds.length + moreContainers.length === 0;
  if (path !== '/exec' || groupId === undefined || containerName === undefined || !isOne) {
    return undefined;
  }
  const parts = parseContainerGroupId(groupId);
  return parts !== undefined && areAllowedNames(parts, containerName)
    ? { ...parts, groupId, containerName }
    : undefined;
}
