import { fieldOf } from '../../base/json.ts';
import { AzureError } from '../errors.ts';
import { requireContainerGroupId } from '../resourceIds.ts';
import type { Requests } from './requests.ts';

/** The size of a new session's terminal, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Where one exec session waits for its client. Both fields are secret. */
export interface ExecEndpoint {
  readonly webSocketUri: string;
  readonly password: string;
}

export interface ExecRequest {
  readonly groupId: string;
  readonly container: string;
  /** As the service takes it: split at spaces, without any quoting. */
  readonly command: string;
  readonly size: TerminalSize;
  /** 60 seconds without. */
  readonly timeoutSeconds?: number;
}

/** What a role must allow. */
const actions = {
  exec: 'Microsoft.ContainerInstance/containerGroups/containers/exec/action',
};

/** *Containers*. Every method throws {@link AzureError} or an AbortError. */
export class ContainerOperations {
  private readonly requests: Requests;

  constructor(requests: Requests) {
    this.requests = requests;
  }

  /**
   * *Execute Command*. The size is fixed here: no operation of the service changes it later.
   * Azure answers 200 for an ended container and for a command that is not in the image.
   */
  executeCommand(
    { groupId, container, command, size, timeoutSeconds }: ExecRequest,
    signal: AbortSignal,
  ): Promise<ExecEndpoint> {
    const start = async (abortSignal: AbortSignal) => {
      const { subscriptionId, resourceGroup, name } = requireContainerGroupId(groupId);
      const client = await this.requests.containerClient(subscriptionId);
      const answer = await client.containers.executeCommand(
        resourceGroup,
        name,
        container,
        { command, terminalSize: { rows: size.rows, cols: size.columns } },
        { abortSignal },
      );
      const webSocketUri = fieldOf(answer, 'webSocketUri');
      const password = fieldOf(answer, 'password');
      if (typeof webSocketUri !== 'string' || typeof password !== 'string') {
        throw new AzureError({
          kind: 'notAzure',
          detail: 'an exec session without an address or a password',
        });
      }
      return { webSocketUri, password };
    };
    return this.requests.resource(actions.exec, signal, start, timeoutSeconds);
  }
}
