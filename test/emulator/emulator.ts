import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { ContainerGroups, type ContainerChange, type GroupRecord } from './containerGroups.ts';
import { ExecSessions } from './execSessions.ts';
import { ExecStream } from './execStream.ts';
import { Faults, type CommonEffect, type Fault, type HttpEffect, type Operation } from './faults.ts';
import type { ContainerProcess } from './programs.ts';
import { Identity, type Credentials, type Principal } from './identity.ts';
import { InFlight } from './inFlight.ts';
import { error, recordedHeaders, ResourceManagerApi, type Answer } from './resourceManager.ts';
import { defaultScenario, readScenario, type Scenario, type Timings } from './scenario.ts';
import { createTls } from './tls.ts';

/** One request that the emulator has answered; its query is left out, as it may hold secrets. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly status: number;
}

/** The same as `GET /_control/requests` tells it. */
export interface TimedRequest extends RecordedRequest {
  /** When it arrived, in milliseconds since 1970. */
  readonly at: number;
  /** How long the body of the answer is, in bytes. */
  readonly bytes: number;
}

/** A simulated Azure on 127.0.0.1: Resource Manager, the directory and the exec websockets on one port. */
export interface Emulator {
  readonly endpoint: string;
  readonly caPath: string;
  readonly controlUrl: string;
  readonly credentials: Credentials & { readonly bearerToken: string };
  readonly requests: readonly RecordedRequest[];
  readonly timedRequests: readonly TimedRequest[];
  /** The most requests of each operation that were in flight at once. */
  readonly mostInFlight: Readonly<Partial<Record<Operation, number>>>;
  /** How many TLS connections were made since the start. */
  readonly connections: number;
  /** How many exec and attach websockets are open. */
  readonly openSessions: number;
  /** A token for a user in a tenant; for the service principal in its own without either. */
  issueToken(principal: Partial<Principal>): string;
  addFault(fault: Fault): void;
  clearFaults(): void;
  /**
   * Answers take so long from now on, until the reset; the delays that are not given stay.
   * @throws {TypeError} for a delay that is unknown or no number of milliseconds.
   */
  setTimings(delays: Timings): void;
  /**
   * Gives a group, or one container of it, another state.
   * @throws {TypeError} when there is no such group.
   */
  changeGroup(id: string, change: ContainerChange): void;
  /**
   * A container of a group writes lines to its log; its first one without a name.
   * @throws {TypeError} when there is no such group.
   */
  writeLog(id: string, lines: readonly string[], container?: string): void;
  /** The processes in a container that has a file system of its own. */
  processes(groupId: string, container: string): readonly ContainerProcess[];
  /** Breaks all sessions of a group off. */
  dropSessions(groupId: string): void;
  /** The folder that is such a container's file system, once it has been used. */
  rootOf(groupId: string, container: string): string | undefined;
  /** Back to the scenario, or on to another one: its groups, its faults, its timings, no requests. */
  reset(scenario?: Scenario): void;
  /** Ends the server, every session and every shell. */
  close(): Promise<void>;
}

export interface EmulatorOptions {
  /** A scenario, its path or its name in `scenarios/`; the default scenario without it. */
  readonly scenario?: Scenario | string;
  /** A free port without it. */
  readonly port?: number;
  /** A domain that only a proxy reaches: Resource Manager is `management` in it, the websockets are `exec`. */
  readonly domain?: string;
}

/** Longer than any client keeps an idle connection, so that none is closed while a request is on its way, in milliseconds. */
const keepAliveMs = 120_000;

export async function startEmulator({
  scenario = defaultScenario,
  port = 0,
  domain,
}: EmulatorOptions = {}): Promise<Emulator> {
  const world = typeof scenario === 'string' ? readScenario(scenario) : scenario;
  const tls = await createTls(domain === undefined ? [] : [`*.${domain}`]);
  const server = createServer({ key: tls.key, cert: tls.cert });
  server.keepAliveTimeout = keepAliveMs;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch (cause) {
    await rm(tls.folder, { recursive: true, force: true });
    throw cause;
  }
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new TypeError('the emulator listens on no TCP port');
  }
  const local = `https://127.0.0.1:${address.port}`;
  const named = (name: string) =>
    domain === undefined ? local : `https://${name}.${domain}:${address.port}`;
  const endpoint = named('management');
  const azure = new Azure(endpoint, named('exec'), world, () => server.closeIdleConnections());
  server.on('request', (request, response) => {
    azure.handle(request, response).catch((cause: unknown) => {
      response.destroy(cause instanceof Error ? cause : undefined);
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    azure.upgrade(request, socket, head).catch(() => socket.destroy());
  });
  let connections = 0;
  server.on('secureConnection', () => connections++);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return {
    endpoint,
    caPath: tls.caPath,
    controlUrl: `${local}/_control`,
    credentials: { ...azure.identity.credentials, bearerToken: azure.identity.issue() },
    get requests() {
      return azure.requests.map(({ method, path, operation, status }) => ({
        method,
        path,
        operation,
        status,
      }));
    },
    get timedRequests() {
      return azure.requests;
    },
    get mostInFlight() {
      return azure.mostInFlight;
    },
    get connections() {
      return connections;
    },
    get openSessions() {
      return azure.stream.openCount;
    },
    issueToken: (principal) => azure.identity.issue(principal),
    addFault: (fault) => azure.faults.add(fault),
    clearFaults: () => azure.faults.clear(),
    setTimings: (delays) => azure.setTimings(delays),
    changeGroup: (id, change) => azure.changeGroup(id, change),
    writeLog: (id, lines, container) => azure.writeLog(id, lines, container),
    processes: (groupId, container) => azure.stream.processes(groupId, container),
    dropSessions: (groupId) => azure.stream.tearDown(groupId),
    rootOf: (groupId, container) => azure.stream.rootOf(groupId, container),
    reset: (next) => azure.reset(next),
    close: async () => {
      await azure.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(tls.folder, { recursive: true, force: true });
    },
  };
}

/** The body of the control call that writes to a log. */
interface LogCall {
  readonly id: string;
  readonly lines: readonly string[];
  readonly container?: string;
}

/** The parts of the simulated Azure and the way of a request through them. */
class Azure {
  requests: TimedRequest[] = [];
  readonly identity: Identity;
  readonly faults = new Faults();
  private readonly inFlight = new InFlight();
  stream: ExecStream;
  private readonly endpoint: string;
  private readonly execEndpoint: string;
  private scenario: Scenario;
  private readonly closeIdleConnections: () => void;
  private delays: Timings;
  private groups: ContainerGroups;
  private sessions: ExecSessions;
  private readonly closing = new Set<Promise<void>>();
  private api: ResourceManagerApi;

  constructor(endpoint: string, execEndpoint: string, scenario: Scenario, closeIdleConnections: () => void) {
    this.endpoint = endpoint;
    this.closeIdleConnections = closeIdleConnections;
    this.execEndpoint = execEndpoint;
    this.scenario = scenario;
    this.delays = scenario.timings ?? {};
    this.identity = new Identity(endpoint);
    ({ groups: this.groups, sessions: this.sessions, stream: this.stream, api: this.api } = this.build());
  }

  reset(scenario = this.scenario): void {
    this.scenario = scenario;
    void this.close();
    this.forgetRequests();
    this.delays = this.scenario.timings ?? {};
    this.faults.clear();
    ({ groups: this.groups, sessions: this.sessions, stream: this.stream, api: this.api } = this.build());
  }

  setTimings(delays: Timings): void {
    const known = ['getDelayMs', 'execDelayMs', 'socketDelayMs', 'logLineMs', 'latencyMs'];
    for (const [name, value] of Object.entries<unknown>({ ...delays })) {
      if (!known.includes(name) || typeof value !== 'number' || !(value >= 0)) {
        throw new TypeError(`${name} is no delay, or has no number of milliseconds`);
      }
    }
    this.delays = { ...this.delays, ...delays };
    this.groups.logLineMs = delays.logLineMs ?? this.groups.logLineMs;
  }

  async close(): Promise<void> {
    this.sessions.close();
    this.groups.close();
    const closing = this.stream.close().finally(() => this.closing.delete(closing));
    this.closing.add(closing);
    await Promise.all(this.closing);
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // The session's id opens it together with its password, so it is left out.
    const path = (request.url ?? '').replace(/\?.*$/, '').replace(/(\/sessionId\/).*$/, '$1…');
    const answered = this.arrived({ method: 'GET', path, operation: 'socket', at: Date.now() }, socket);
    await this.takeTime('socket');
    answered(await this.stream.upgrade(request, socket, head));
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = Date.now();
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', this.endpoint);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks).toString('utf8');
    if (url.pathname.startsWith('/_control/')) {
      response.shouldKeepAlive = false; // no call of a test is the one that finds its connection closed
      send(response, method, textOf(this.answerControl(method, url.pathname, body)));
      return;
    }
    const { operation, respond } = this.route(method, url, body, request.headers.authorization);
    const answered = this.arrived({ method, path: url.pathname, operation, at }, response);
    const effect = await this.takeFault(operation, url.pathname);
    if (effect?.kind === 'reset') {
      answered(0);
      response.destroy();
      return;
    }
    await this.takeTime(operation);
    const answer =
      effect === undefined || effect.kind === 'half' || effect.kind === 'fields'
        ? respond()
        : this.faultAnswer(effect);
    const sent = textOf(
      effect?.kind === 'fields' ? { ...answer, body: { ...answer.body, ...effect.fields } } : answer,
    );
    answered(answer.status, Buffer.byteLength(sent.text));
    send(response, method, sent, effect?.kind === 'half');
  }

  /** Waits as long as the service takes for an operation. */
  private async takeTime(operation: Operation): Promise<void> {
    const { getDelayMs = 0, execDelayMs = 50, socketDelayMs = 0 } = this.delays;
    const delays: Partial<Record<Operation, number>> = {
      get: getDelayMs,
      exec: execDelayMs,
      socket: socketDelayMs,
    };
    const ms = delays[operation] ?? 0;
    if (ms > 0) {
      await delay(ms, undefined, { ref: false });
    }
  }

  /** The fault that a call runs into, once its delays are over. */
  private async takeFault(
    operation: Operation,
    path: string,
    met = new Set<Fault>(),
  ): Promise<Exclude<HttpEffect | CommonEffect, { kind: 'delay' }> | undefined> {
    const effect = this.faults.takeHttp(operation, path, met);
    if (effect?.kind !== 'delay') {
      return effect;
    }
    await delay(effect.ms, undefined, { ref: false });
    return this.takeFault(operation, path, met);
  }

  private build() {
    const groups = new ContainerGroups(this.scenario);
    const sessions = new ExecSessions(this.execEndpoint);
    const stream = new ExecStream(sessions, groups, this.faults, () => this.delays.latencyMs ?? 0);
    groups.onTornDown = (groupId, container) => stream.tearDown(groupId, container);
    const { credentials } = this.identity;
    const api = new ResourceManagerApi(this.endpoint, credentials, this.scenario, groups, sessions);
    for (const fault of this.scenario.faults ?? []) {
      this.faults.add(fault);
    }
    return { groups, sessions, stream, api };
  }

  private route(method: string, url: URL, body: string, authorization: string | undefined) {
    if (url.pathname.endsWith('/.well-known/openid-configuration')) {
      return {
        operation: 'other' as const,
        respond: () => ({ status: 200, body: this.identity.openIdConfiguration(url.pathname) }),
      };
    }
    if (/^\/[^/]+\/discovery\/instance$/.test(url.pathname)) {
      return {
        operation: 'other' as const,
        respond: () => ({ status: 200, body: this.identity.instanceDiscovery() }),
      };
    }
    if (method === 'POST' && /\/oauth2(\/v2\.0)?\/token$/.test(url.pathname)) {
      return { operation: 'token' as const, respond: () => this.identity.token(new URLSearchParams(body)) };
    }
    const caller = this.identity.verify(authorization ?? '');
    const call = this.api.route(method, url, body, caller ?? { tenantId: '', name: '' });
    if (authorization === undefined) {
      const message = "Authentication failed. The 'Authorization' header is missing.";
      return { ...call, respond: () => this.unauthorized('AuthenticationFailed', message) };
    }
    return caller !== undefined
      ? call
      : {
          ...call,
          respond: () => this.unauthorized('InvalidAuthenticationToken', 'The access token is invalid.'),
        };
  }

  private unauthorized(code: string, message: string): Answer {
    return {
      ...error(401, code, message),
      headers: {
        'www-authenticate': `Bearer authorization_uri="${this.endpoint}/${this.identity.credentials.tenantId}", error="invalid_token", error_description="${message}"`,
      },
    };
  }

  private faultAnswer(effect: Exclude<HttpEffect, { kind: 'half' | 'fields' }>): Answer {
    switch (effect.kind) {
      case 'status':
        return {
          ...error(effect.status, effect.code, effect.message),
          ...(effect.headers === undefined ? {} : { headers: effect.headers }),
        };
      case 'body':
        return {
          status: effect.status ?? 200,
          text: effect.body,
          ...(effect.headers === undefined ? {} : { headers: effect.headers }),
        };
      case 'throttle':
        return {
          ...error(429, 'TooManyRequests', 'The request is being throttled.'),
          headers: { 'retry-after': String(effect.retryAfterSeconds) },
        };
      case 'challenge':
        return {
          ...error(401, 'InteractionRequired', 'Multi-factor authentication is required.'),
          headers: {
            'www-authenticate': `Bearer realm="", authorization_uri="${this.endpoint}/common/oauth2/authorize", error="insufficient_claims", claims="${Buffer.from(effect.claims).toString('base64')}"`,
          },
        };
    }
  }

  /** Takes note of a request: it is in flight until its answer is told, or the client has gone. */
  private arrived(
    request: Omit<TimedRequest, 'status' | 'bytes'>,
    exchange: ServerResponse | Duplex,
  ): (status: number, bytes?: number) => void {
    const leave = this.inFlight.begin(request.operation);
    exchange.once('close', leave);
    return (status, bytes = 0) => {
      leave();
      this.requests.push({ ...request, status, bytes });
    };
  }

  private forgetRequests(): void {
    this.requests = [];
    this.inFlight.restart();
  }

  private answerControl(method: string, path: string, body: string): Answer {
    try {
      return this.control(method, path, body);
    } catch (cause) {
      if (cause instanceof SyntaxError || cause instanceof TypeError) {
        return error(400, 'BadRequest', cause.message);
      }
      throw cause;
    }
  }

  get mostInFlight() {
    return this.inFlight.most;
  }

  changeGroup(id: string, change: ContainerChange): void {
    this.groups.change(this.groupOf(id), change);
  }

  writeLog(id: string, lines: readonly string[], container?: string): void {
    this.groups.write(this.groupOf(id), container, lines);
  }

  private groupOf(id: string): GroupRecord {
    const group = this.groups.find(id);
    if (group === undefined) {
      throw new TypeError(`No container group ${id}`);
    }
    return group;
  }

  private control(method: string, path: string, body: string): Answer {
    switch (`${method} ${path.slice('/_control/'.length)}`) {
      case 'GET requests':
        return { status: 200, body: this.requests };
      case 'DELETE requests':
        this.forgetRequests();
        return { status: 204 };
      case 'GET inFlight':
        return { status: 200, body: this.mostInFlight };
      case 'DELETE connections':
        this.closeIdleConnections();
        return { status: 204 };
      case 'GET sessions':
        return { status: 200, body: { open: this.stream.openCount } };
      case 'POST tokens':
        // the stand-in account that sends it is typed
        return { status: 200, body: { token: this.identity.issue(JSON.parse(body) as Partial<Principal>) } };
      case 'POST faults':
        this.faults.add(JSON.parse(body) as Fault); // the test that sends it is typed
        return { status: 204 };
      case 'DELETE faults':
        this.faults.clear();
        return { status: 204 };
      case 'POST timings':
        this.setTimings(JSON.parse(body) as Timings); // checked there
        return { status: 204 };
      case 'POST reset':
        this.reset();
        return { status: 204 };
      case 'POST groups': {
        const { id, ...change } = JSON.parse(body) as ContainerChange & { id: string }; // as above
        this.changeGroup(id, change);
        return { status: 204 };
      }
      case 'POST logs': {
        const { id, lines, container } = JSON.parse(body) as LogCall; // as above
        this.writeLog(id, lines, container);
        return { status: 204 };
      }
      default:
        return error(404, 'NotFound', 'No such control call');
    }
  }
}

/** An answer whose body is text; empty where it has none. */
interface TextAnswer extends Answer {
  readonly text: string;
}

function textOf(answer: Answer): TextAnswer {
  return { ...answer, text: answer.text ?? (answer.body === undefined ? '' : JSON.stringify(answer.body)) };
}

function send(response: ServerResponse, method: string, answer: TextAnswer, half = false): void {
  const { text, status, body, headers } = answer;
  response.writeHead(status, {
    ...recordedHeaders(method),
    ...(text === '' && body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
    ...(status === 204 ? {} : { 'content-length': Buffer.byteLength(text) }),
  });
  if (half) {
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  } else {
    response.end(text);
  }
}
