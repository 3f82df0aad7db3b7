import type { Operation } from './faults.ts';

/** How many requests of each operation were in flight at once. */
export class InFlight {
  private readonly current = new Set<{ readonly operation: Operation }>();
  private peaks = new Map<Operation, number>();

  /** Counts a request until the returned function is called, which may be called again. */
  begin(operation: Operation): () => void {
    const request = { operation };
    this.current.add(request);
    this.peaks.set(operation, Math.max(this.most[operation] ?? 0, this.count(operation)));
    return () => void this.current.delete(request);
  }

  /** The most of each operation since the start or {@link restart}; an operation without a request is left out. */
  get most(): Partial<Record<Operation, number>> {
    return Object.fromEntries(this.peaks);
  }

  /** Counts anew, from what is in flight now. */
  restart(): void {
    this.peaks = new Map([...this.current].map(({ operation }) => [operation, this.count(operation)]));
  }

  private count(operation: Operation): number {
    return [...this.current].filter((request) => request.operation === operation).length;
  }
}
