import { inOwnTurn } from '../../base/ownTurn.ts';
import { fieldOf, textOf } from '../../base/json.ts';
import { azureRegistryOf } from '../registries.ts';
import type { Requests } from './requests.ts';
import { rowsOf } from './resourceGraph.ts';

/** *Container Registries*. Every method throws {@link AzureError} or an AbortError. */
export class RegistryOperations {
  private readonly requests: Requests;

  constructor(requests: Requests) {
    this.requests = requests;
  }

  /** The resource id of the registry with a login server, such as `contoso.azurecr.io`; undefined where none can be seen. */
  find(loginServer: string, signal: AbortSignal): Promise<string | undefined> {
    if (azureRegistryOf(loginServer) !== loginServer) {
      throw new TypeError(`${loginServer} is not the login server of an Azure Container Registry`);
    }
    return this.requests.list('Microsoft.ResourceGraph/resources/read', signal, async (abortSignal) => {
      const { ResourceGraphClient } = await inOwnTurn(() => import('@azure/arm-resourcegraph'));
      const client = new ResourceGraphClient(this.requests.credential, this.requests.clientOptions());
      const type = "type =~ 'Microsoft.ContainerRegistry/registries'";
      const answer = await client.resources(
        {
          query: `resources | where ${type} | where properties.loginServer =~ '${loginServer}' | project id`,
        },
        { abortSignal },
      );
      return textOf(fieldOf(rowsOf(answer)[0], 'id'));
    });
  }
}
