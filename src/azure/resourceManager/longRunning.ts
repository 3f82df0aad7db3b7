import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { clock } from '../../base/clock.ts';
import { delay } from '../../base/delay.ts';
import { fieldOf, textOf } from '../../base/json.ts';
import { AzureError, retryAfterSeconds } from '../errors.ts';
import { PassingFailures } from '../passingFailures.ts';

/** Sends a GET within the limits of all requests. @throws {AzureError} or an AbortError. */
export type Ask = (link: string, signal: AbortSignal) => Promise<PipelineResponse>;

/** The first pause before an operation is asked about where Azure names none, in seconds. */
const firstPauseSeconds = 1;

/** How much longer each pause is than the one before. */
const pauseGrowth = 1.5;

/** The longest pause, whatever Azure names, in seconds. */
const longestPauseSeconds = 30;

/** The longest that an operation is followed, in seconds. */
const longestSeconds = 30 * 60;

/**
 * Follows an operation that outlives its request to its end: by `Azure-AsyncOperation`, which the service really sends
 * (Restart-AzContainerGroup recording), else by `Location`, which its definition names. Both are signed links that no log
 * may hold. An answer with neither is the end.
 * @throws {AzureError} when the operation has failed, or cannot be followed.
 */
export async function untilDone(started: PipelineResponse, ask: Ask, signal: AbortSignal): Promise<void> {
  const operation = started.headers.get('azure-asyncoperation');
  const location = started.status === 202 ? started.headers.get('location') : undefined;
  const link = operation ?? location;
  if (link === undefined) {
    return;
  }
  const begun = clock();
  let pause = retryAfterSeconds(started.headers) ?? firstPauseSeconds;
  const failures = new PassingFailures();
  for (;;) {
    await delay(Math.min(Math.max(pause, firstPauseSeconds), longestPauseSeconds) * 1000, signal);
    if (clock() - begun > longestSeconds * 1000) {
      throw new AzureError({ kind: 'timedOut', seconds: longestSeconds });
    }
    try {
      const answer = await ask(link, signal);
      failures.clear();
      if (operation === undefined ? answer.status !== 202 : hasSucceeded(answer)) {
        return;
      }
      pause = retryAfterSeconds(answer.headers) ?? pause * pauseGrowth;
    } catch (error) {
      if (isForgotten(error)) {
        return;
      }
      pause = failures.forgive(error) ?? pause * pauseGrowth;
    }
  }
}

/** @throws {AzureError} when the operation has failed or was cancelled. */
function hasSucceeded({ bodyAsText, headers }: PipelineResponse): boolean {
  const body = parsed(bodyAsText ?? '');
  const status = textOf(fieldOf(body, 'status'))?.toLowerCase();
  if (status === undefined) {
    throw new AzureError({ kind: 'notAzure', detail: 'an operation without a status' });
  }
  if (status === 'failed' || status === 'canceled' || status === 'cancelled') {
    const reason = fieldOf(body, 'error');
    throw new AzureError({
      kind: 'service',
      code: textOf(fieldOf(reason, 'code')) ?? status,
      detail: textOf(fieldOf(reason, 'message')) ?? '',
      correlationId: headers.get('x-ms-correlation-request-id'),
    });
  }
  return status === 'succeeded';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AzureError({ kind: 'notAzure', detail: 'an operation whose status is no JSON' }, { cause });
  }
}

/** Azure keeps finished operations for a while only. */
function isForgotten(error: unknown): boolean {
  return error instanceof AzureError && error.problem.kind === 'notFound';
}
