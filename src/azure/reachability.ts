import { request } from 'node:https';
import { withTimeLimit } from '../base/timeLimit.ts';

/** The longest wait for one host, in milliseconds. */
const limitMs = 10_000;

/**
 * Asks an `https:` address without any credential, through the proxy that all requests take; resolves to what came of
 * it: any HTTP answer tells that the host can be reached, else it is the error's code.
 * @throws only what `signal` was aborted with.
 */
export async function reach(address: string, signal: AbortSignal): Promise<string> {
  try {
    const status = await withTimeLimit(
      signal,
      limitMs,
      () => Object.assign(new Error('no answer'), { code: `no answer within ${limitMs / 1000} seconds` }),
      (limited) => head(address, limited),
    );
    return `reachable (HTTP ${status})`;
  } catch (error) {
    signal.throwIfAborted();
    return `not reachable (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'})`;
  }
}

function head(address: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { method: 'HEAD', signal }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.once('error', reject);
    sent.end();
  });
}
