import { setImmediate } from 'node:timers/promises';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { AzureError, azureReason, retryAfterSeconds } from '../errors.ts';

/** One request as the log shows it: its query may hold a secret and is left out. */
export interface RequestTrace {
  readonly method: string;
  readonly path: string;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  /** From the request to the answer's end, in milliseconds. */
  readonly tookMs: number;
  /** What Azure's support asks for. */
  readonly correlationId: string | undefined;
}

interface PlacedPolicy {
  readonly policy: PipelinePolicy;
  readonly position: 'perCall' | 'perRetry';
}

/** What each request to a Resource Manager goes through, besides what the SDK does. */
export function pipelinePolicies(
  endpoint: string,
  onRequest: (trace: RequestTrace) => void,
): readonly PlacedPolicy[] {
  return [
    { policy: sameHost(new URL(endpoint).host), position: 'perCall' },
    { policy: reportThrottling, position: 'perRetry' },
    { policy: traceRequests(onRequest), position: 'perRetry' },
    { policy: reportReason, position: 'perCall' },
    { policy: keepConnection(), position: 'perCall' },
  ];
}

/** Refuses any other host: a `nextLink` names where the next request goes, and the token goes with it. */
function sameHost(host: string): PipelinePolicy {
  return {
    name: 'sameHost',
    sendRequest(request, next) {
      if (new URL(request.url).host !== host) {
        throw new AzureError({ kind: 'unexpected', detail: 'Azure pointed to another host; not followed' });
      }
      return next(request);
    },
  };
}

function traceRequests(onRequest: (trace: RequestTrace) => void): PipelinePolicy {
  return {
    name: 'traceRequests',
    async sendRequest(request, next) {
      const startedAt = performance.now();
      const trace = (status?: number, correlationId?: string) =>
        onRequest({
          method: request.method,
          path: new URL(request.url).pathname,
          status,
          tookMs: performance.now() - startedAt,
          correlationId,
        });
      try {
        const response = await next(request);
        trace(response.status, response.headers.get('x-ms-correlation-request-id'));
        return response;
      } catch (error) {
        trace();
        throw error;
      }
    },
  };
}

/**
 * Throws for a throttled read at once, where the SDK would wait in silence: who asked shows until when, and tries again.
 * Only exec is left to the SDK's own retries.
 */
const reportThrottling: PipelinePolicy = {
  name: 'reportThrottling',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status === 429 && !request.url.includes('/exec?')) {
      throw new AzureError({ kind: 'throttled', retryAfterSeconds: retryAfterSeconds(response.headers) });
    }
    return response;
  },
};

/** Throws with Azure's own reason: for a list, the SDK gives the status only. A 401 is left to its answer to challenges. */
const reportReason: PipelinePolicy = {
  name: 'reportReason',
  async sendRequest(request, next) {
    const response = await next(request);
    const { status, headers, bodyAsText } = response;
    const reason = status < 400 || status === 401 ? undefined : azureReason(bodyAsText ?? '');
    if (reason !== undefined) {
      throw Object.assign(new Error(reason.message), {
        code: reason.code,
        statusCode: status,
        response: { headers },
      });
    }
    return response;
  },
};

/**
 * Asks for a connection that outlives the request: VS Code's proxy support would close each one, and a new one takes
 * its extension host some 25 ms of work. For the same reason each request begins in a turn of the event loop of its own.
 */
export function keepConnection(): PipelinePolicy {
  let lastTurn = Promise.resolve();
  return {
    name: 'keepConnection',
    async sendRequest(request, next) {
      request.headers.set('Connection', 'keep-alive');
      lastTurn = lastTurn.then(() => setImmediate());
      await lastTurn;
      return next(request);
    },
  };
}
