import type { ContainerInstanceManagementClient } from '@azure/arm-containerinstance';
import type { TokenCredential } from '@azure/core-auth';
import type { HttpMethods, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { isCancellation } from '../../base/cancellation.ts';
import { Limiter } from '../../base/limiter.ts';
import { withTimeLimit } from '../../base/timeLimit.ts';
import type { Cloud } from '../clouds.ts';
import { AzureError, toAzureError, type RestErrorLike } from '../errors.ts';
import { ResourceIdMap } from '../resourceIds.ts';
import { TokenCache } from '../tokenCache.ts';
import { pipelinePolicies, type RequestTrace } from './pipeline.ts';
import { inOwnTurn } from '../../base/ownTurn.ts';

/** Of Container Instances. */
export const apiVersion = '2025-09-01';

/** The longest a single request may take, retries included, in seconds. */
const requestTimeoutSeconds = 60;

/** How many requests are on their way at a time, over all accounts, tenants and subscriptions. */
export class RequestLimits {
  /** Lists and queries: there may be one for each subscription. */
  readonly lists = new Limiter(6);
  /** Requests for one resource. Somebody may wait for each of them, so lists are never in their way. */
  readonly resources = new Limiter(8);
}

export interface RequestOptions {
  /** Limits each request, retries included; 60 seconds without. */
  readonly timeoutSeconds?: number | undefined;
  readonly limits?: RequestLimits;
  /** Hears of each request once it is answered, or has failed. */
  readonly onRequest?: (trace: RequestTrace) => void;
}

type Send = (request: PipelineRequest) => Promise<PipelineResponse>;

/** How one credential asks one cloud's Resource Manager: with its token, within limits, again where that helps. */
export class Requests {
  readonly credential: TokenCache;
  readonly cloud: Cloud;
  private readonly limits: RequestLimits;
  private readonly timeoutSeconds: number;
  private readonly policies: ReturnType<typeof pipelinePolicies>;
  private sender: Promise<Send> | undefined;
  private readonly containerClients = new ResourceIdMap<Promise<ContainerInstanceManagementClient>>();

  constructor(
    cloud: Cloud,
    credential: TokenCredential,
    { timeoutSeconds = requestTimeoutSeconds, limits = new RequestLimits(), onRequest }: RequestOptions,
  ) {
    this.cloud = cloud;
    this.credential = new TokenCache(credential);
    this.limits = limits;
    this.timeoutSeconds = timeoutSeconds;
    this.policies = pipelinePolicies(cloud.resourceManagerEndpoint, onRequest ?? (() => undefined));
  }

  /** The options of the SDK's clients. */
  clientOptions() {
    return {
      endpoint: this.cloud.resourceManagerEndpoint,
      credentials: { scopes: [this.cloud.scope] },
      additionalPolicies: [...this.policies],
    };
  }

  containerClient(subscriptionId: string): Promise<ContainerInstanceManagementClient> {
    const known = this.containerClients.get(subscriptionId);
    if (known !== undefined) {
      return known;
    }
    const client = inOwnTurn(() => import('@azure/arm-containerinstance')).then(
      ({ ContainerInstanceManagementClient }) =>
        new ContainerInstanceManagementClient(this.credential, subscriptionId, {
          ...this.clientOptions(),
          credentialScopes: this.cloud.scope,
          apiVersion,
        }),
    );
    this.containerClients.set(subscriptionId, client);
    return client;
  }

  /**
   * GETs a resource just as Azure answers it, when it is its turn. `query` is what it is asked with, the
   * API's version among it; `action` is what a role must allow for it.
   */
  async getJson(
    action: string,
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
    timeoutSeconds = this.timeoutSeconds,
  ): Promise<unknown> {
    const url = this.urlOf(path, query);
    const { bodyAsText } = await this.send(action, 'GET', url, signal, timeoutSeconds);
    return parseAnswer(bodyAsText ?? '');
  }

  /** The address of a resource, or of one of its verbs. */
  urlOf(path: string, query: Readonly<Record<string, string>>): string {
    const url = new URL(
      `${this.cloud.resourceManagerEndpoint}${path.split('/').map(encodeURIComponent).join('/')}`,
    );
    url.search = new URLSearchParams(query).toString();
    return url.href;
  }

  /**
   * Sends a request to an address of Resource Manager's own, as it is given: a link of an operation is signed.
   * @throws {AzureError} or, where the caller cancels, an AbortError.
   */
  send(
    action: string,
    method: HttpMethods,
    url: string,
    signal: AbortSignal,
    timeoutSeconds = this.timeoutSeconds,
  ): Promise<PipelineResponse> {
    const sendNow = async (abortSignal: AbortSignal) => {
      const { createPipelineRequest } = await loadRestPipeline();
      this.sender ??= this.makeSender();
      const send = await this.sender;
      return send(createPipelineRequest({ url, method, abortSignal }));
    };
    return this.resource(action, signal, sendNow, timeoutSeconds);
  }

  /** Sends as the SDK's clients do: each of those has one API version for whatever it sends. */
  private async makeSender(): Promise<Send> {
    const { bearerTokenAuthenticationPolicy, createDefaultHttpClient, createPipelineFromOptions } =
      await loadRestPipeline();
    const pipeline = createPipelineFromOptions({});
    const { credential, cloud } = this;
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: cloud.scope }));
    for (const { policy, position } of this.policies) {
      pipeline.addPolicy(policy, position === 'perRetry' ? { afterPhase: 'Sign' } : {});
    }
    const httpClient = createDefaultHttpClient();
    return (request) => pipeline.sendRequest(httpClient, request);
  }

  /**
   * Lists or queries, when it is its turn. `action` is what a role must allow for it, as the operation's name of Azure.
   * @throws {AzureError} or, where the caller cancels, an AbortError.
   */
  list<T>(action: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.limits.lists.run(signal, () => this.limited(action, signal, work, this.timeoutSeconds));
  }

  /** The same for a request about one resource. */
  resource<T>(
    action: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
    timeoutSeconds = this.timeoutSeconds,
  ): Promise<T> {
    return this.limits.resources.run(signal, () => this.limited(action, signal, work, timeoutSeconds));
  }

  private async limited<T>(
    action: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
    seconds: number,
  ): Promise<T> {
    try {
      return await withTimeLimit(
        signal,
        seconds * 1000,
        () => new AzureError({ kind: 'timedOut', seconds }),
        (both) => this.withValidToken(() => work(both)),
      );
    } catch (error) {
      throw isCancellation(error)
        ? error
        : isUnreadable(error)
          ? unreadable(error)
          : withAction(toAzureError(error), action);
    }
  }

  /** A token can be revoked before it runs out. The clients keep it, so they go too. */
  private async withValidToken<T>(work: () => Promise<T>): Promise<T> {
    const { version } = this.credential;
    try {
      return await work();
    } catch (error) {
      if (!isUnauthorized(error)) {
        throw error;
      }
      if (this.credential.forget(version)) {
        this.containerClients.clear();
        this.sender = undefined;
      }
      return work();
    }
  }
}

/** Some refusals do not name the action that is missing. */
function withAction(error: AzureError, action: string): AzureError {
  return error.problem.kind === 'forbidden' && error.problem.action === undefined
    ? new AzureError({ ...error.problem, action }, { cause: error.cause })
    : error;
}

function loadRestPipeline() {
  return inOwnTurn(() => import('@azure/core-rest-pipeline'));
}

/** @throws {AzureError} where the text is no JSON. */
function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AzureError({ kind: 'notAzure', detail: 'an answer that is no JSON' });
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 401;
}

/** Whether the SDK stumbled over an answer: it trusts that each has its fields. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'RestError') {
    return error instanceof TypeError;
  }
  const { statusCode, code } = error as RestErrorLike; // by its name
  return statusCode === undefined ? code === undefined : statusCode < 300;
}

/** The SDK's words may repeat the answer with the secrets in it, so they go; those of a `TypeError` are JavaScript's. */
function unreadable(error: unknown): AzureError {
  const detail = 'an answer without its fields';
  return new AzureError({ kind: 'notAzure', detail }, error instanceof TypeError ? { cause: error } : {});
}
