import { runEach } from './runEach.ts';

/** Something that holds listeners, timers or connections until it is disposed. Disposing it twice does no harm. */
export interface Disposable {
  dispose(): unknown;
}

/**
 * Owns disposables: they go with it, last one first, also where one of them throws. What is added after that goes at once.
 */
export class DisposableStore implements Disposable {
  private readonly disposables: Disposable[] = [];
  private disposed = false;

  /** Returns what was added. */
  add<T extends Disposable>(disposable: T): T {
    if (this.disposed) {
      disposable.dispose();
    } else {
      this.disposables.push(disposable);
    }
    return disposable;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    runEach(this.disposables.splice(0).toReversed(), (disposable) => disposable.dispose());
  }
}
