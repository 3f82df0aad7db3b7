/** What went wrong between us and Azure, as far as it can be told. */
export type AzureProblem =
  | { readonly kind: 'notSignedIn' }
  /** A credential other than VS Code's account gave no token; `detail` is its own words. */
  | { readonly kind: 'credential'; readonly detail: string }
  | { readonly kind: 'forbidden'; readonly action: string | undefined; readonly detail: string }
  | { readonly kind: 'notFound'; readonly detail: string }
  /** The group is being created, updated or restarted: worth another try after ten seconds. */
  | { readonly kind: 'transitioning'; readonly detail: string }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number | undefined }
  | { readonly kind: 'unreachable'; readonly host: string; readonly code: string }
  | { readonly kind: 'timedOut'; readonly seconds: number }
  /** Any other answer of the service; `code` is Azure's, `correlationId` is what its support asks for. */
  | {
      readonly kind: 'service';
      readonly code: string;
      readonly detail: string;
      readonly correlationId: string | undefined;
    }
  | { readonly kind: 'unexpected'; readonly detail: string };

/** An {@link AzureProblem} that can be thrown. Its message is for the log and holds no secret. */
export class AzureError extends Error {
  override readonly name = 'AzureError';
  readonly problem: AzureProblem;

  constructor(problem: AzureProblem) {
    super(`${problem.kind}${'detail' in problem ? `: ${problem.detail}` : ''}`);
    this.problem = problem;
  }
}

/** Whether the error only says that somebody cancelled. */
export function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** What the Azure SDK's RestError carries, without loading the SDK to ask `instanceof`. */
interface RestErrorLike extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
  readonly request?: { readonly url: string };
}

/** Sorts anything thrown by the SDK, a credential or the network. */
export function toAzureError(error: unknown): AzureError {
  if (error instanceof AzureError) {
    return error;
  }
  if (!(error instanceof Error)) {
    return new AzureError({ kind: 'unexpected', detail: String(error) });
  }
  // The SDK throws its own class from a lazily loaded module; only its shape is known here.
  const rest = error as RestErrorLike;
  if (
    /^(CredentialUnavailableError|AuthenticationError|AuthenticationRequiredError|AggregateAuthenticationError)$/.test(
      error.name,
    )
  ) {
    return new AzureError({ kind: 'credential', detail: firstLine(redact(error.message)) });
  }
  if (rest.statusCode !== undefined) {
    return new AzureError(fromStatus(rest, rest.statusCode));
  }
  const code = networkCode(rest);
  if (code !== undefined) {
    return new AzureError({ kind: 'unreachable', host: hostOf(rest.request?.url), code });
  }
  return new AzureError({ kind: 'unexpected', detail: firstLine(redact(error.message)) });
}

function fromStatus(error: RestErrorLike, status: number): AzureProblem {
  const code = error.code ?? `HTTP ${status}`;
  const detail = firstLine(redact(error.message));
  if (status === 401) {
    return { kind: 'credential', detail };
  }
  if (status === 403) {
    return { kind: 'forbidden', action: /perform action '([^']+)'/.exec(error.message)?.[1], detail };
  }
  if (status === 404) {
    return { kind: 'notFound', detail };
  }
  if (status === 409 && code === 'ContainerGroupTransitioning') {
    return { kind: 'transitioning', detail };
  }
  if (status === 429) {
    const seconds = Number(error.response?.headers.get('retry-after'));
    return { kind: 'throttled', retryAfterSeconds: Number.isFinite(seconds) ? seconds : undefined };
  }
  return {
    kind: 'service',
    code,
    detail,
    correlationId: error.response?.headers.get('x-ms-correlation-request-id'),
  };
}

function networkCode(error: RestErrorLike): string | undefined {
  const cause = error.cause instanceof Error ? (error.cause as RestErrorLike).code : undefined;
  const code = error.code ?? cause;
  return code !== undefined && /^(E[A-Z_]+|CERT_[A-Z_]+|[A-Z_]*CERT[A-Z_]*|REQUEST_SEND_ERROR)$/.test(code)
    ? code
    : undefined;
}

function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : '';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** Takes tokens and the query of any address out of a text that is about to be shown or logged. */
export function redact(text: string): string {
  return text
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]')
    .replace(/\b((?:https?|wss?):\/\/[^\s"'?#]+)[?#][^\s"']*/g, '$1?…')
    .replace(/[^\s"']{20,}\[\[EOM\]\]/g, '[password]');
}
