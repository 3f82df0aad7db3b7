/** The operations that a fault can be asked for. `socket` is the websocket of exec and attach. */
export type Operation =
  | 'token'
  | 'tenants'
  | 'subscriptions'
  | 'resources'
  | 'resourceGraph'
  | 'list'
  | 'get'
  | 'exec'
  | 'attach'
  | 'logs'
  | 'start'
  | 'stop'
  | 'restart'
  | 'delete'
  | 'operation'
  | 'metrics'
  | 'socket'
  | 'other';

/** What a fault does to an HTTP answer. */
export type HttpEffect =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'throttle'; readonly retryAfterSeconds: number }
  /** 401 with a claims challenge, as step-up authentication answers it. */
  | { readonly kind: 'challenge'; readonly claims: string }
  /** Half of the answer's bytes, then the connection breaks. */
  | { readonly kind: 'half' }
  /** An answer of any text, such as the sign-in page of a network: 200 and JSON unless told. */
  | {
      readonly kind: 'body';
      readonly body: string;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Fields of the answer in place of its own, such as a `nextLink` or a `webSocketUri` elsewhere. */
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, unknown>> };

/** Bytes that are lost or changed on the way of a session, in one direction. */
export interface Noise {
  /** `in` is to the container. */
  readonly direction: 'in' | 'out';
  readonly effect: 'lose' | 'change';
  /** One byte in so many. */
  readonly oneIn?: number;
  /** The positions of bytes, the first one of the direction being 0. */
  readonly at?: readonly number[];
}

/** What a fault does to a websocket. */
export type SocketEffect =
  /** The upgrade is answered with an HTTP status. */
  | { readonly kind: 'refuse'; readonly status: number }
  /** The connection breaks after so many bytes of output, or so many milliseconds; at once without either. */
  | { readonly kind: 'drop'; readonly afterBytes?: number; readonly afterMs?: number }
  /** Nothing is sent or read any more after so many bytes of output (at once without); the connection stays. */
  | { readonly kind: 'stall'; readonly afterBytes?: number }
  /** A frame that no websocket may send. */
  | { readonly kind: 'garbage' }
  /** A message larger than any terminal makes: 17 MB. */
  | { readonly kind: 'oversized' }
  | { readonly kind: 'close'; readonly code: number }
  | ({ readonly kind: 'noise' } & Noise);

/** What a fault does to either. */
export type CommonEffect =
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection breaks without an answer. */
  | { readonly kind: 'reset' };

interface Target {
  readonly operation?: Operation;
  /** Only paths that contain this text; for a websocket the path of its container in Resource Manager. */
  readonly path?: string;
}

/** A fault: where, how often (once unless told, `always` until cleared) and what. */
export type Fault = Target & {
  /** The same two fields, for callers that keep them apart from the effect. */
  readonly match?: Target;
  readonly times?: number | 'always';
} & (HttpEffect | SocketEffect | CommonEffect);

const socketKinds: readonly string[] = ['refuse', 'drop', 'stall', 'garbage', 'oversized', 'close', 'noise'];
const commonKinds: readonly string[] = ['delay', 'reset'];
const httpKinds: readonly string[] = ['status', 'throttle', 'challenge', 'half', 'body', 'fields'];

/** The faults that are still to happen. */
export class Faults {
  private pending: { readonly fault: Fault; left: number }[] = [];

  /** @throws {TypeError} for an unknown kind: faults come over the network too. */
  add(fault: Fault): void {
    if (![...socketKinds, ...commonKinds, ...httpKinds].includes(fault.kind)) {
      throw new TypeError(`unknown kind of fault: ${fault.kind}`);
    }
    const left = fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1);
    this.pending.push({ fault, left });
  }

  clear(): void {
    this.pending = [];
  }

  /** Takes the next fault that an HTTP call runs into, if any; `met` are those that it has met already. */
  takeHttp(operation: Operation, path: string, met: Set<Fault>): HttpEffect | CommonEffect | undefined {
    const fault = this.take(operation, path, met, (effect) => !isSocketEffect(effect));
    return fault === undefined || isSocketEffect(fault) ? undefined : fault;
  }

  /** The same for a websocket. */
  takeSocket(path: string, met: Set<Fault>): SocketEffect | CommonEffect | undefined {
    const fault = this.take('socket', path, met, (effect) => !httpKinds.includes(effect.kind));
    return fault === undefined || !isSocketOrCommon(fault) ? undefined : fault;
  }

  private take(
    operation: Operation,
    path: string,
    met: Set<Fault>,
    fits: (fault: Fault) => boolean,
  ): Fault | undefined {
    const entry = this.pending.find(({ fault, left }) => {
      const target = { ...fault.match, ...pickTarget(fault) };
      return (
        left > 0 &&
        !met.has(fault) &&
        fits(fault) &&
        (target.operation ?? operation) === operation &&
        path.toLowerCase().includes((target.path ?? '').toLowerCase())
      );
    });
    if (entry !== undefined) {
      entry.left--;
      met.add(entry.fault);
    }
    return entry?.fault;
  }
}

function pickTarget({ operation, path }: Target): Target {
  return { ...(operation === undefined ? {} : { operation }), ...(path === undefined ? {} : { path }) };
}

function isSocketEffect<T extends { readonly kind: string }>(effect: T): effect is T & SocketEffect {
  return socketKinds.includes(effect.kind);
}

function isSocketOrCommon<T extends { readonly kind: string }>(
  effect: T,
): effect is T & (SocketEffect | CommonEffect) {
  return isSocketEffect(effect) || commonKinds.includes(effect.kind);
}
