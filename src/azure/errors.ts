import { fieldOf, itemsOf, textOf } from '../base/json.ts';
import { redact, shorten } from '../base/redact.ts';
import type { CredentialKind } from './credentialKind.ts';

/** What went wrong between us and Azure, as far as it can be told. */
export type AzureProblem =
  | { readonly kind: 'notSignedIn' }
  /** No token, or one that Azure does not take; `detail` is the words of the one who says so. */
  | {
      readonly kind: 'credential';
      readonly detail: string;
      readonly credential?: CredentialKind;
      /** The tenant that was asked for, where it was not the account's own. */
      readonly tenantId?: string;
    }
  | { readonly kind: 'forbidden'; readonly action: string | undefined; readonly detail: string }
  /** A policy or a deny assignment is in the way, whatever roles the account has. */
  | { readonly kind: 'disallowed'; readonly detail: string }
  | { readonly kind: 'notFound'; readonly detail: string }
  /** The container is there and has no log yet. */
  | { readonly kind: 'logNotAvailable'; readonly detail: string }
  /** The group is being created, updated or restarted: worth another try after ten seconds. */
  | { readonly kind: 'transitioning'; readonly detail: string }
  /** The group has to be started before anything else (azure-cli#8136, azure-docs#71458). */
  | { readonly kind: 'stopped'; readonly detail: string }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number | undefined }
  | {
      readonly kind: 'unreachable';
      readonly host: string;
      readonly code: string;
      /** Whether it is the address of an exec session, which may name a port of its own. */
      readonly isExec?: true;
    }
  /** The answer began and did not end. */
  | { readonly kind: 'brokenOff' }
  /** What came is no answer of Azure's, such as the page of a network that asks for a sign-in; `detail` is for the log. */
  | { readonly kind: 'notAzure'; readonly detail: string }
  /** A list whose pages repeat, or are more than any list has. */
  | { readonly kind: 'endlessList' }
  | { readonly kind: 'timedOut'; readonly seconds: number }
  /** Any other answer of the service; `code` is Azure's, `correlationId` is what its support asks for. */
  | {
      readonly kind: 'service';
      readonly code: string;
      readonly detail: string;
      readonly correlationId: string | undefined;
    }
  | { readonly kind: 'unexpected'; readonly detail: string };

/** An {@link AzureProblem} that can be thrown. Its message is for the log and holds no secret; its cause may. */
export class AzureError extends Error {
  override readonly name = 'AzureError';
  readonly problem: AzureProblem;

  constructor(problem: AzureProblem, options?: ErrorOptions) {
    super(`${problem.kind}${'detail' in problem ? `: ${problem.detail}` : ''}`, options);
    this.problem = problem;
  }
}

/** The same problem with each of its texts from outside changed. */
export function mapTexts(problem: AzureProblem, change: (text: string) => string): AzureProblem {
  const entries = Object.entries(problem).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' && name !== 'kind' && name !== 'credential' ? change(value) : value,
  ]);
  return Object.fromEntries(entries) as AzureProblem; // the same fields, each of the type that it had
}

/** A problem and when it was met, in milliseconds since 1970: "throttled until" counts from there. */
export interface Failure {
  readonly problem: AzureProblem;
  readonly at: number;
}

/** What the Azure SDK's RestError carries, without loading the SDK to ask `instanceof`. */
export interface RestErrorLike extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
  readonly request?: { readonly url: string };
}

/** Sorts anything thrown by the SDK, a credential or the network; the error itself stays as the cause. */
export function toAzureError(error: unknown): AzureError {
  return error instanceof AzureError ? error : new AzureError(problemOf(error), { cause: error });
}

function problemOf(error: unknown): AzureProblem {
  if (!(error instanceof Error)) {
    return { kind: 'unexpected', detail: firstLine(clean(String(error))) };
  }
  // The SDK throws its own class from a lazily loaded module; only its shape is known here.
  const rest = error as RestErrorLike;
  if (
    /^(CredentialUnavailableError|AuthenticationError|AuthenticationRequiredError|AggregateAuthenticationError)$/.test(
      error.name,
    )
  ) {
    return { kind: 'credential', detail: reason(clean(error.message)) };
  }
  if (rest.statusCode !== undefined) {
    return fromStatus(rest, rest.statusCode);
  }
  if (rest.code?.startsWith('HPE_') === true) {
    return { kind: 'notAzure', detail: `no HTTP: ${rest.code.slice(0, 60)}` };
  }
  const code = networkCode(rest);
  return code === undefined
    ? { kind: 'unexpected', detail: firstLine(clean(error.message)) }
    : { kind: 'unreachable', host: hostOf(rest.request?.url), code };
}

function fromStatus(error: RestErrorLike, status: number): AzureProblem {
  const code = wordOrNothing(error.code) ?? `HTTP ${status}`;
  const text = clean(error.message);
  const detail = firstLine(text);
  if (status === 401) {
    return { kind: 'credential', detail: code === 'HTTP 401' ? 'Azure does not take its token' : detail };
  }
  if (status === 403 && /^(RequestDisallowed|DenyAssignment)/.test(code)) {
    return { kind: 'disallowed', detail };
  }
  if (status === 403) {
    return { kind: 'forbidden', action: /perform action '([^']+)'/.exec(text)?.[1], detail };
  }
  if (status === 404) {
    return { kind: code === 'ContainerLogNotAvailable' ? 'logNotAvailable' : 'notFound', detail };
  }
  if (status === 409 && code === 'ContainerGroupTransitioning') {
    return { kind: 'transitioning', detail };
  }
  if (code === 'ContainerGroupStopped') {
    return { kind: 'stopped', detail };
  }
  if (status === 429) {
    return {
      kind: 'throttled',
      retryAfterSeconds: error.response === undefined ? undefined : retryAfterSeconds(error.response.headers),
    };
  }
  return {
    kind: 'service',
    code,
    detail,
    correlationId: wordOrNothing(error.response?.headers.get('x-ms-correlation-request-id')),
  };
}

/** What the body of a failed answer says, in the shape of Azure's CloudError; undefined where it has another. */
export function azureReason(body: string): { readonly code: string; readonly message: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    const error = fieldOf(parsed, 'error') ?? parsed; // some resource providers leave the outer object out
    const code = textOf(fieldOf(error, 'code'));
    const message = textOf(fieldOf(error, 'message'));
    // Resource Graph's own message only says how to ask for support.
    const [reason] = itemsOf(fieldOf(error, 'details')).flatMap(
      (item) => textOf(fieldOf(item, 'message')) ?? [],
    );
    return code === undefined || message === undefined
      ? undefined
      : { code, message: reason === undefined || reason === message ? message : `${reason} ${message}` };
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

interface Headers {
  get(name: string): string | undefined;
}

/** The longest time for which Azure is left alone because it says so, in seconds. */
const longestPauseSeconds = 3_600;

/** What the SDK takes for the time to wait in milliseconds, before `Retry-After`. */
const waitMsHeaders = ['retry-after-ms', 'x-ms-retry-after-ms'] as const;

/**
 * Leaves one time to wait in an answer, in a form that the SDK waits for: of what it does not expect it makes a timer that
 * goes off at once, or a wait of hours in silence.
 */
export function setRetryAfter(
  headers: Headers & { set(name: string, value: string): void; delete(name: string): void },
  seconds: number | undefined,
): void {
  waitMsHeaders.forEach((name) => headers.delete(name));
  if (seconds === undefined) {
    headers.delete('retry-after');
  } else {
    headers.set('retry-after', String(seconds));
  }
}

/** How long Azure asks to be left alone by what a request failed with, in milliseconds. */
export function askedPauseMs(error: unknown): number {
  return error instanceof AzureError && error.problem.kind === 'throttled'
    ? (error.problem.retryAfterSeconds ?? 0) * 1000
    : 0;
}

/** How long a throttled answer asks to wait, in whole seconds, by any of the headers that say so. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const ms = waitMsHeaders.map((name) => headers.get(name)).find((text) => /^\d+$/.test(text ?? ''));
  if (ms !== undefined) {
    return pauseSeconds(Number(ms) / 1000);
  }
  const value = headers.get('retry-after');
  if (value === undefined) {
    const resetMs = quotaResetMs(headers);
    return resetMs === undefined ? undefined : resetMs / 1000;
  }
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : pauseSeconds(seconds);
}

/** Resource Graph's `x-ms-user-quota-resets-after` (`hh:mm:ss`), in milliseconds. */
export function quotaResetMs(headers: Headers): number | undefined {
  const [, hours, minutes, seconds] =
    /^(\d+):(\d+):(\d+)/.exec(headers.get('x-ms-user-quota-resets-after') ?? '') ?? [];
  return seconds === undefined
    ? undefined
    : pauseSeconds(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

function pauseSeconds(seconds: number): number {
  return Math.min(Math.max(0, Math.ceil(seconds)), longestPauseSeconds);
}

/** The network's own code of an error, the one of a certificate that is not trusted among them. */
function networkCode(error: RestErrorLike): string | undefined {
  const cause = error.cause instanceof Error ? (error.cause as RestErrorLike).code : undefined;
  const code = error.code ?? cause;
  return code !== undefined && code.length <= 60 && networkCodes.test(code) ? code : undefined;
}

// Node's errors of the system, of TLS and of HTTP, then OpenSSL's of certificates.
const networkCodes =
  /^(?:E(?!RR_)[A-Z]+(?:_[A-Z]+)?|ERR_(?:TLS|SSL)_[A-Z_0-9]+|REQUEST_SEND_ERROR)$|CERT|ISSUER|CRL_|SIGNATURE|^INVALID_(?:CA|PURPOSE)$|HOSTNAME_MISMATCH/;

function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : '';
}

/** What Microsoft Entra ID says, where it said something; else what the library puts below its own first line. */
function reason(text: string): string {
  const words = /AADSTS\d+: [^.\n]*/.exec(text)?.[0] ?? /More details:\n([^\n]*[^\n,])/.exec(text)?.[1];
  return words ?? firstLine(text);
}

/** A text from outside as it may be shown: the rest of this file looks at no other. */
function clean(text: string): string {
  return redact(shorten(text));
}

/** A code or an id, as far as it is one. */
function wordOrNothing(text: string | undefined): string | undefined {
  return text !== undefined && /^[\w.-]{1,100}$/.test(text) ? text : undefined;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
