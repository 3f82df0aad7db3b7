import * as vscode from 'vscode';
import type { AzureClient } from '../../azure/azureClient.ts';
import { portalLink } from '../../azure/clouds.ts';
import { subscriptionOf } from '../../azure/resourceIds.ts';
import { showError } from '../messages/notify.ts';
import { openExternal } from './openExternal.ts';
import { withViewProgress } from './target.ts';

/** Opens a page of a resource in the portal of its cloud, as the tenant that lists it. */
export async function openPortalPage(
  resourceId: string,
  azure: () => Promise<AzureClient>,
  page?: 'users',
): Promise<void> {
  const link = await withViewProgress(async (signal) => {
    const client = await azure();
    const { subscriptions } = await client.clientFor(subscriptionOf(resourceId), signal);
    return portalLink(client.cloud, await subscriptions.ownTenantId(), resourceId, page);
  });
  if (link === undefined) {
    showError(
      vscode.l10n.t(
        'No portal is known for this cloud. Set "portalUrl" in "microsoft-sovereign-cloud.customEnvironment".',
      ),
    );
    return;
  }
  await openExternal(link);
}
