import * as vscode from 'vscode';
import type { Container, ContainerGroup } from '../../azure/containerGroups.ts';
import { AzureError } from '../../azure/errors.ts';
import { isSameId } from '../../azure/resourceIds.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { showError } from '../messages/notify.ts';
import { confirmTerminal } from '../messages/openings.ts';
import { openShell } from './exec.ts';
import { parseExecLink, type ExecLink } from './execLink.ts';
import { listed } from './list.ts';
import type { ExecServices } from './openExecTerminal.ts';
import { withViewProgress } from './target.ts';

/** Opens the shell of the container that a link names, once the user has agreed: until then Azure is asked nothing. */
export async function openExecLink(uri: vscode.Uri, services: ExecServices): Promise<void> {
  const link = parseExecLink(uri);
  if (link === undefined) {
    showError(vscode.l10n.t('This link names no container. Ask for a new one, made with "Copy Exec Link".'));
    return;
  }
  if (!(await confirmTerminal(link, services.inventory))) {
    return;
  }
  const group = await findGroup(link, services.inventory);
  const container = group?.containers.find(({ name }) => isSameId(name, link.containerName));
  if (group !== undefined && container === undefined) {
    showError(
      vscode.l10n.t(
        'The container group "{0}" has no container "{1}". The link may be old: look in the view.',
        link.name,
        link.containerName,
      ),
    );
  }
  if (group !== undefined && container !== undefined) {
    await openLinked(group, container, services);
  }
}

function openLinked(group: ContainerGroup, container: Container, services: ExecServices): Promise<void> {
  services.recent.add(container.id);
  return openShell({ group, container }, services);
}

/** The group as it is now; undefined where the user has been told why there is none. */
async function findGroup(link: ExecLink, inventory: Inventory): Promise<ContainerGroup | undefined> {
  try {
    return await withViewProgress((signal) => inventory.freshContainerGroup(link.groupId, signal));
  } catch (error) {
    const kind = error instanceof AzureError ? error.problem.kind : undefined;
    if (kind !== 'notFound' && kind !== 'forbidden' && kind !== 'credential') {
      throw error;
    }
    await listed(inventory, inventory.load());
    if (inventory.subscriptionName(link.subscriptionId) === undefined) {
      showError(
        vscode.l10n.t(
          'Nobody who is signed in here sees the subscription {0}: it may be of another tenant. Run "Sign In with Another Account…" or "Select Tenants…", then open the link again.',
          link.subscriptionId,
        ),
      );
    } else if (kind === 'notFound') {
      showError(
        vscode.l10n.t(
          'There is no container group "{0}" in the resource group "{1}". The link may be old: look in the view.',
          link.name,
          link.resourceGroup,
        ),
      );
    } else {
      throw error;
    }
    return undefined;
  }
}
