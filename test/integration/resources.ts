import { getEventListeners } from 'node:events';
import { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Frees what nothing refers to. */
export const collectGarbage = runInNewContext('gc') as () => void; // what the flag exposes

/** What is left of what was made since a watch began. */
export interface Resources {
  /** Open connections, but for those that an agent keeps for its next request to the same host. */
  readonly sockets: number;
  /** Listeners on this process, and on signals that are in use and not aborted. */
  readonly listeners: number;
  readonly timers: number;
}

/** Follows the connections and signals of this process: a connection begins, and a signal listens, with one method. */
export class ResourceWatch {
  // Held weakly: a socket would keep its last request, and that one its signal.
  private readonly sockets = new Set<WeakRef<Socket>>();
  private readonly signals = new Set<WeakRef<AbortSignal>>();
  private before = { listeners: 0, timers: 0 };

  private readonly restore: readonly (() => void)[];

  constructor() {
    this.restore = [
      follow(Socket.prototype, 'connect', (socket) => {
        if (socket instanceof Socket) {
          this.sockets.add(new WeakRef(socket));
        }
      }),
      follow(EventTarget.prototype, 'addEventListener', (target) => {
        if (target instanceof AbortSignal) {
          this.signals.add(new WeakRef(target));
        }
      }),
    ];
  }

  dispose(): void {
    this.restore.forEach((restore) => restore());
  }

  /** Counts from now on. */
  begin(): void {
    this.sockets.clear();
    this.signals.clear();
    this.before = { listeners: processListeners(), timers: timers() };
  }

  left(): Resources {
    collectGarbage();
    return {
      sockets: referents(this.sockets).filter((socket) => !socket.destroyed && !isKept(socket)).length,
      listeners: this.signalListeners() + Math.max(0, processListeners() - this.before.listeners),
      timers: Math.max(0, timers() - this.before.timers),
    };
  }

  private signalListeners(): number {
    return referents(this.signals)
      .filter(({ aborted }) => !aborted)
      .reduce((count, signal) => count + getEventListeners(signal, 'abort').length, 0);
  }
}

/** What is not freed yet, each once. */
function referents<T extends object>(references: ReadonlySet<WeakRef<T>>): readonly T[] {
  return [...new Set([...references].flatMap((reference) => reference.deref() ?? []))];
}

/** Tells the `this` of each call of a method, until the returned function is called. */
function follow(prototype: object, name: string, onCall: (self: unknown) => void): () => void {
  const original = Reflect.get(prototype, name) as (...parameters: unknown[]) => unknown; // a method
  Reflect.set(prototype, name, function (this: unknown, ...parameters: unknown[]) {
    onCall(this);
    return Reflect.apply(original, this, parameters);
  });
  return () => void Reflect.set(prototype, name, original);
}

/** An agent listens for `agentRemove` on the sockets that it keeps. */
function isKept(socket: Socket): boolean {
  return !socket.connecting && socket.listenerCount('agentRemove') > 0;
}

function processListeners(): number {
  return process.eventNames().reduce((count, name) => count + process.listenerCount(name), 0);
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => /Timeout|Immediate/.test(kind)).length;
}
