import * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import { azureRegistryOf } from '../../azure/registries.ts';
import { subscriptionOf } from '../../azure/resourceIds.ts';
import { showInformation } from '../messages/notify.ts';
import { openPortalPage } from './openPortalPage.ts';
import { allGroups } from './pickGroup.ts';
import { selectGroups, withViewProgress, type TargetServices } from './target.ts';

/** "Open Role Assignments": of the registry that does not give a group its image, in the portal. */
export async function openRoleAssignments(
  args: readonly unknown[],
  azure: () => Promise<AzureClient>,
  services: TargetServices,
): Promise<void> {
  const words = { title: vscode.l10n.t('Open Role Assignments'), offer: allGroups() };
  for (const group of await selectGroups(args, words, services)) {
    const all = [...group.initContainers, ...group.containers];
    const servers = new Set(all.flatMap(({ image }) => azureRegistryOf(image) ?? []));
    for (const server of servers) {
      const registry = await withViewProgress(async (signal) =>
        (await (await azure()).clientFor(subscriptionOf(group.id), signal)).registries.find(server, signal),
      );
      if (registry === undefined) {
        showInformation(
          vscode.l10n.t(
            'The registry {0} is in none of the subscriptions that you can see. Ask who manages it for the role "AcrPull".',
            server,
          ),
        );
      } else {
        await openPortalPage(registry, azure, 'users');
      }
    }
  }
}
