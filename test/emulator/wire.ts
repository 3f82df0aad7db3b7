import type { Noise } from './faults.ts';
import { Random } from './random.ts';

/** Does to the bytes of one direction what a noisy wire does: drops or changes some of them. */
export class NoisyWire {
  private readonly noise: Noise;
  private readonly random: Random;
  private position = 0;

  constructor(noise: Noise, seed: number) {
    this.noise = noise;
    this.random = new Random(seed);
  }

  pass(data: Buffer): Buffer {
    const { oneIn = 0, at = [], effect } = this.noise;
    const passed = Buffer.allocUnsafe(data.length);
    let length = 0;
    for (const byte of data) {
      const isHit = at.includes(this.position++) || (oneIn > 0 && this.random.below(oneIn) === 0);
      if (!isHit) {
        passed[length++] = byte;
      } else if (effect === 'change') {
        passed[length++] = byte ^ (1 + this.random.below(255));
      }
    }
    return passed.subarray(0, length);
  }
}

/** Carries what is handed to it after a while, in order. */
export class LongWire<T> {
  private readonly waiting: { readonly item: T; readonly dueAt: number }[] = [];
  private readonly latencyMs: () => number;
  private readonly deliver: (item: T) => void;
  private timer: NodeJS.Timeout | undefined;

  /** `latencyMs` tells how long it takes at the moment, in milliseconds. */
  constructor(latencyMs: () => number, deliver: (item: T) => void) {
    this.latencyMs = latencyMs;
    this.deliver = deliver;
  }

  send(item: T): void {
    const ms = this.latencyMs();
    if (ms === 0 && this.waiting.length === 0) {
      this.deliver(item);
      return;
    }
    this.waiting.push({ item, dueAt: performance.now() + ms });
    this.schedule();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.waiting.length = 0;
  }

  private schedule(): void {
    const [first] = this.waiting;
    if (first !== undefined) {
      this.timer ??= setTimeout(() => this.arrive(), Math.max(0, first.dueAt - performance.now()));
    }
  }

  private arrive(): void {
    this.timer = undefined;
    const now = performance.now();
    const due = this.waiting.findIndex(({ dueAt }) => dueAt > now);
    for (const { item } of this.waiting.splice(0, due < 0 ? this.waiting.length : due)) {
      this.deliver(item);
    }
    this.schedule();
  }
}
