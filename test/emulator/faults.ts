/** The operations that a fault can be asked for. `socket` is the exec websocket. */
export type Operation =
  | 'token'
  | 'tenants'
  | 'subscriptions'
  | 'resources'
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
  | 'socket'
  | 'other';

/** What a fault does to an HTTP answer. */
export type HttpEffect =
  | { readonly kind: 'status'; readonly status: number; readonly code: string; readonly message: string }
  | { readonly kind: 'throttle'; readonly retryAfterSeconds: number }
  /** 401 with a claims challenge, as step-up authentication answers it. */
  | { readonly kind: 'challenge'; readonly claims: string }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Half of the answer's bytes, then the connection breaks. */
  | { readonly kind: 'half' }
  | { readonly kind: 'reset' };

/** What a fault does to an exec websocket. */
export type SocketEffect =
  /** The upgrade is answered with an HTTP status. */
  | { readonly kind: 'refuse'; readonly status: number }
  /** The connection breaks after so many bytes of output. */
  | { readonly kind: 'drop'; readonly afterBytes: number }
  /** Nothing is sent or read any more after so many bytes of output; the connection stays. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** A frame that no websocket may send. */
  | { readonly kind: 'garbage' }
  | { readonly kind: 'close'; readonly code: number };

/** A fault: where, how often (once unless told) and what. */
export type Fault = {
  readonly operation: Operation;
  /** Only paths that contain this text. */
  readonly path?: string;
  readonly times?: number;
} & (HttpEffect | SocketEffect);

const socketKinds: readonly string[] = ['refuse', 'drop', 'stall', 'garbage', 'close'];

/** The faults that are still to happen. */
export class Faults {
  private pending: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.pending.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.pending = [];
  }

  /** Takes the fault that an HTTP call runs into, if any. */
  takeHttp(operation: Operation, path: string): HttpEffect | undefined {
    const fault = this.take(operation, path);
    return fault === undefined || isSocketEffect(fault) ? undefined : fault;
  }

  /** Takes the fault that a websocket runs into, if any. */
  takeSocket(path: string): SocketEffect | undefined {
    const fault = this.take('socket', path);
    return fault !== undefined && isSocketEffect(fault) ? fault : undefined;
  }

  private take(operation: Operation, path: string): (HttpEffect | SocketEffect) | undefined {
    const entry = this.pending.find(
      ({ fault, left }) => left > 0 && fault.operation === operation && path.includes(fault.path ?? ''),
    );
    if (entry !== undefined) {
      entry.left--;
    }
    return entry?.fault;
  }
}

function isSocketEffect(effect: HttpEffect | SocketEffect): effect is SocketEffect {
  return socketKinds.includes(effect.kind);
}
