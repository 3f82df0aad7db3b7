/**
 * Does work for each item, also where it throws for some. Throws in the end what was thrown: the error itself where it is
 * one, else all of them in an `AggregateError`.
 */
export function runEach<T>(items: Iterable<T>, work: (item: T) => unknown): void {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      work(item);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) {
    throw errors[0];
  }
  if (errors.length > 1) {
    throw new AggregateError(errors, errors.map(String).join('; '));
  }
}
