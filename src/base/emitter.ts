import type { Disposable } from './disposableStore.ts';
import { runEach } from './runEach.ts';

/** Registers a listener until the result is disposed. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * Tells any number of listeners what happened, in the order in which they registered. The same function registered
 * twice is two listeners; one that is disposed while an event is fired hears no more of it. Where one throws, the others
 * hear it all the same, and who fired is told.
 */
export class Emitter<T> {
  private readonly listeners = new Set<{ readonly call: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    const entry = { call: listener };
    this.listeners.add(entry);
    return { dispose: () => this.listeners.delete(entry) };
  };

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  fire(value: T): void {
    runEach(this.listeners, ({ call }) => call(value));
  }

  dispose(): void {
    this.listeners.clear();
  }
}
