import * as vscode from 'vscode';
import { requireContainerGroupId } from '../../azure/resourceIds.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { confirm } from './notify.ts';
import { plainText } from './plainText.ts';

/** A container as an address names it, which may come from anybody. */
interface NamedContainer {
  readonly groupId: string;
  readonly containerName: string;
}

/** Asks whether a link may open a terminal. */
export function confirmTerminal(named: NamedContainer, inventory: Inventory): Promise<boolean> {
  return confirm(
    vscode.l10n.t('A link asks to open a terminal in the container "{0}".', named.containerName),
    vscode.l10n.t('Open Terminal'),
    whereItIs(named, inventory),
  );
}

/** Asks whether an address that no command has opened may open the files of a container. */
export function confirmFiles(named: NamedContainer, inventory: Inventory): Promise<boolean> {
  return confirm(
    vscode.l10n.t(
      'A link or a workspace asks to open the files of the container "{0}".',
      named.containerName,
    ),
    vscode.l10n.t('Open Files'),
    [
      whereItIs(named, inventory),
      '',
      vscode.l10n.t('This opens a session in the container. You are asked once for each container.'),
    ].join('\n'),
  );
}

function whereItIs({ groupId }: NamedContainer, inventory: Inventory): string {
  const { subscriptionId, resourceGroup, name } = requireContainerGroupId(groupId);
  const subscription = inventory.subscriptionName(subscriptionId);
  return [
    vscode.l10n.t('Container group: {0}', name),
    vscode.l10n.t('Resource group: {0}', resourceGroup),
    vscode.l10n.t(
      'Subscription: {0}',
      subscription === undefined ? subscriptionId : `${plainText(subscription)} (${subscriptionId})`,
    ),
  ].join('\n');
}
