import { STATUS_CODES } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { PipelinePolicy, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { isCancellation } from '../../base/cancellation.ts';
import { readAnswers } from '../answers.ts';
import {
  AzureError,
  azureReason,
  retryAfterSeconds,
  setRetryAfter,
  toAzureError,
  type RestErrorLike,
} from '../errors.ts';

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

/** What each request to a Resource Manager goes through, besides what the SDK does; the network comes after the last. */
export function pipelinePolicies(
  endpoint: string,
  onRequest: (trace: RequestTrace) => void,
): readonly PlacedPolicy[] {
  return [
    { policy: sameHost(new URL(endpoint).host), position: 'perCall' },
    { policy: keepConnection(), position: 'perCall' },
    { policy: sendOnce, position: 'perRetry' },
    { policy: throwRefusals, position: 'perRetry' },
    { policy: traceRequests(onRequest), position: 'perRetry' },
    { policy: readAnswers, position: 'perRetry' },
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
 * Sends what is not idempotent a second time only where the service has surely not begun with it, whatever the SDK would
 * do: each exec may start a shell. The SDK repeats after errors of its own class alone.
 */
const sendOnce: PipelinePolicy = {
  name: 'sendOnce',
  async sendRequest(request, next) {
    try {
      return await next(request);
    } catch (error) {
      throw isIdempotent(request) || hasNotBegun(error) || isCancellation(error)
        ? error
        : toAzureError(error);
    }
  },
};

function isIdempotent({ method, url }: PipelineRequest): boolean {
  return method !== 'POST' || new URL(url).pathname.startsWith('/providers/Microsoft.ResourceGraph/');
}

/** Whether the request was refused, or did not even reach the service. */
function hasNotBegun(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const { statusCode, code } = error as RestErrorLike; // the SDK's, or one of `refusal`
  return statusCode === undefined
    ? code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN'
    : statusCode < 500 && statusCode !== 408;
}

/** Throws whatever is no success, in place of the SDK: its errors repeat the answer, or give its status only. */
const throwRefusals: PipelinePolicy = {
  name: 'throwRefusals',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.status >= 300) {
      throw refusal(response);
    }
    return response;
  },
};

/** The longest wait in silence until exec is sent again, in seconds. */
const silentWaitSeconds = 10;

/** What a refusal says. Of the class of the SDK's errors where that has something to do: repeat it, or renew the token. */
function refusal(response: PipelineResponse): Error {
  const { status, headers, request } = response;
  const body = (response.bodyAsText ?? '').trimStart();
  const isAzure = body.startsWith('{');
  const wait = status === 429 || status === 503 ? retryAfterSeconds(headers) : undefined;
  setRetryAfter(headers, wait);
  if (status === 429 ? isIdempotent(request) || isLong(wait) : isLong(wait)) {
    return new AzureError({ kind: 'throttled', retryAfterSeconds: wait });
  }
  if (status === 407 || (status === 403 && !isAzure)) {
    return new AzureError({ kind: 'unreachable', host: new URL(request.url).host, code: `HTTP ${status}` });
  }
  if (status < 400 || status === 511 || (status < 500 && !isAzure && body !== '')) {
    return new AzureError({ kind: 'notAzure', detail: `HTTP ${status}` });
  }
  const reason = azureReason(body);
  return Object.assign(new Error(reason?.message ?? STATUS_CODES[status] ?? ''), {
    name: 'RestError',
    statusCode: status,
    code: reason?.code ?? `HTTP ${status}`,
    response,
  });
}

function isLong(waitSeconds: number | undefined): boolean {
  return waitSeconds !== undefined && waitSeconds > silentWaitSeconds;
}

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
