import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { isCancellation } from '../base/cancellation.ts';
import { AzureError, toAzureError, type AzureProblem } from './errors.ts';

/** Notes why the directory could not be asked: the errors of the library name a status that it never sent. */
export class SignInFailures {
  private last: AzureError | undefined;

  /** It has to stand where each try passes. */
  readonly policy: PipelinePolicy = {
    name: 'noteSignInFailures',
    sendRequest: async (request, next) => {
      try {
        const response = await next(request);
        this.note(request, refusalOf(request, response));
        return response;
      } catch (error) {
        if (!isCancellation(error)) {
          this.note(request, toAzureError(error));
        }
        throw error;
      }
    },
  };

  /** The last failure since the time before; undefined where the directory has answered. */
  take(): AzureError | undefined {
    const { last } = this;
    this.last = undefined;
    return last;
  }

  private note({ url }: PipelineRequest, failure: AzureError | undefined): void {
    // Without TLS it is the metadata service of a virtual machine, which is missing on most.
    if (url.startsWith('https:')) {
      this.last = failure;
    }
  }
}

/** What an answer says of the network where it is none of the directory's. */
function refusalOf({ url }: PipelineRequest, response: PipelineResponse): AzureError | undefined {
  const { status, bodyAsText } = response;
  if (status === 407 || (status === 403 && !isObject(bodyAsText))) {
    return new AzureError({ kind: 'unreachable', host: new URL(url).host, code: `HTTP ${status}` });
  }
  return status >= 300 && status < 400
    ? new AzureError({ kind: 'notAzure', detail: `HTTP ${status} at sign-in` })
    : undefined;
}

function isObject(body: string | null | undefined): boolean {
  return (body ?? '').trimStart().startsWith('{');
}

/** What the Azure CLI, and Python below it, say of the network, and the code of the same problem in Node. */
const cliProblems: readonly (readonly [words: RegExp, code: string])[] = [
  [/CERTIFICATE_VERIFY_FAILED/, 'CERTIFICATE_VERIFY_FAILED'],
  [/Tunnel connection failed: 407/, 'HTTP 407'],
  [/Tunnel connection failed: 403/, 'HTTP 403'],
  [/Name or service not known|Failed to resolve|getaddrinfo failed/, 'ENOTFOUND'],
  [/Connection refused|actively refused/, 'ECONNREFUSED'],
  [/timed out/, 'ETIMEDOUT'],
];

/** Why the Azure CLI could not reach the directory, where its words say that it could not. */
export function azureCliProblem(text: string): Extract<AzureProblem, { kind: 'unreachable' }> | undefined {
  const host = /HTTPSConnectionPool\(host='([\w.-]{1,255})'/.exec(text)?.[1];
  const code = cliProblems.find(([words]) => words.test(text))?.[1];
  return host === undefined || code === undefined ? undefined : { kind: 'unreachable', host, code };
}
