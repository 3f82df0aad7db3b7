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
  logs: 'Microsoft.ContainerInstance/containerGroups/containers/logs/read',
};

/** A container by the resource id of its group and its name. */
interface ContainerAddress {
  readonly groupId: string;
  readonly container: string;
}

interface LogRequest extends ContainerAddress {
  /** How many lines from the end, or all that the service keeps. */
  readonly tail?: number;
  /** Whether each line begins with the time at which it was written. */
  readonly timestamps: boolean;
}

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

  /**
   * *List Logs*: standard output and error in one, as far as the service keeps them: 4 MB of a running container, 16 KB or
   * 1,000 lines of an ended one. A container that has just ended may have none.
   */
  listLogs({ groupId, container, tail, timestamps }: LogRequest, signal: AbortSignal): Promise<string> {
    return this.requests.resource(actions.logs, signal, async (abortSignal) => {
      const { subscriptionId, resourceGroup, name } = requireContainerGroupId(groupId);
      const client = await this.requests.containerClient(subscriptionId);
      const answer = await client.containers.listLogs(resourceGroup, name, container, {
        ...(tail === undefined ? {} : { tail }),
        timestamps,
        abortSignal,
      });
      const content = fieldOf(answer, 'content') ?? '';
      if (typeof content !== 'string') {
        throw new AzureError({ kind: 'notAzure', detail: 'a log that is no text' });
      }
      return content;
    });
  }
}
