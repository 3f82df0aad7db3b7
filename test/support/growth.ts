/** How much longer than in proportion to its input a linear function may seem to take, by all that disturbs a measurement. */
const margin = 6;

/** The least processor time that a measurement adds up, in microseconds. */
const leastMicros = 1_000;

/** How often a measurement is made before it counts: what disturbs it only makes it longer. */
const attempts = 5;

const smallest = 4 * 1024;
const largest = 1024 * 1024;

/**
 * Doubles the input up to 1 MB, twice in each step, and throws once the processor time has grown more than linearly: by a
 * margin that a quadratic function exceeds while its input is still small. It compares times, so that a slow machine
 * changes nothing.
 */
export function expectLinear(work: (text: string) => unknown, inputOf: (length: number) => string): void {
  const base = leastOf(() => false, work, inputOf(smallest));
  for (let length = 4 * smallest; length <= largest; length *= 4) {
    const limit = base * margin * (length / smallest);
    const micros = leastOf((least) => least <= limit, work, inputOf(length));
    if (micros > limit) {
      throw new Error(
        `${length} characters take ${micros.toFixed(0)} µs, ${smallest} take ${base.toFixed(1)}`,
      );
    }
  }
}

/** The least of some measurements, or the first one that is enough. */
function leastOf(
  isEnough: (least: number) => boolean,
  work: (text: string) => unknown,
  text: string,
): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts && !isEnough(least); attempt++) {
    least = Math.min(least, cpuMicros(work, text));
  }
  return least;
}

/** The processor time of one call in microseconds, of as many calls as make it exact. */
function cpuMicros(work: (text: string) => unknown, text: string): number {
  const start = process.cpuUsage();
  for (let calls = 1; ; calls++) {
    work(text);
    const { user, system } = process.cpuUsage(start);
    if (user + system >= leastMicros) {
      return (user + system) / calls;
    }
  }
}
