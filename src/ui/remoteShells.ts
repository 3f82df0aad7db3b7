import type { AzureClient } from '../azure/azureClient.ts';
import { subscriptionOf } from '../azure/resourceIds.ts';
import { RemoteShells } from '../exec/remoteShell/remoteShells.ts';
import { connectTimeoutSeconds, keepAliveSeconds } from './settings.ts';

/** Remote shells on the Azure that the user is signed in to. */
export function createRemoteShells(azure: () => Promise<Pick<AzureClient, 'clientFor'>>): RemoteShells {
  return new RemoteShells(async ({ group, container }, signal) => {
    const { RemoteShell } = await import('../onFirstUse.ts');
    return RemoteShell.open({
      connectTimeoutMs: connectTimeoutSeconds() * 1000,
      keepAliveMs: keepAliveSeconds() * 1000,
      signal,
      request: async (command, size, requestSignal) => {
        const client = await (await azure()).clientFor(subscriptionOf(group.id), requestSignal);
        return client.containers.executeCommand(
          {
            groupId: group.id,
            container: container.name,
            command,
            size,
            timeoutSeconds: connectTimeoutSeconds(),
          },
          requestSignal,
        );
      },
    });
  });
}
