import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What came of one stream of output, from its first byte to its last. Times in milliseconds, memory in bytes. */
export interface Flood {
  readonly bytes: number;
  /** The length of the text in UTF-16 units; 0 where it was not decoded. */
  readonly units: number;
  readonly tookMs: number;
  /** Processor time of the receiving process. */
  readonly cpuMs: number;
  readonly growth: MemoryGrowth;
}

/** How far a process grew at most beyond what it was after a garbage collection. */
export interface MemoryGrowth {
  readonly rss: number;
  readonly heapAndExternal: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // what the flag exposes

const sampleMs = 10;

/** Runs work and tells how this process grew meanwhile. */
export async function memoryGrowth(work: () => Promise<void>): Promise<MemoryGrowth> {
  collect();
  collect();
  const before = usage();
  const growth = { rss: 0, heapAndExternal: 0 };
  const sample = () => {
    const now = usage();
    growth.rss = Math.max(growth.rss, now.rss - before.rss);
    growth.heapAndExternal = Math.max(growth.heapAndExternal, now.heapAndExternal - before.heapAndExternal);
  };
  const timer = setInterval(sample, sampleMs);
  try {
    await work();
    sample();
  } finally {
    clearInterval(timer);
  }
  return growth;
}

function usage(): MemoryGrowth {
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heapAndExternal: heapUsed + external };
}

/** A clock of time and processor time that starts at the first byte and stops at the last. */
export class FloodClock {
  private startedAt = 0;
  private stoppedAt = 0;
  private cpuAtStart = process.cpuUsage();
  private cpuAtStop = this.cpuAtStart;

  start(): void {
    if (this.startedAt === 0) {
      this.cpuAtStart = process.cpuUsage();
      this.startedAt = performance.now();
    }
  }

  stop(): void {
    this.stoppedAt = performance.now();
    this.cpuAtStop = process.cpuUsage();
  }

  get tookMs(): number {
    return this.stoppedAt - this.startedAt;
  }

  get cpuMs(): number {
    const { user, system } = this.cpuAtStart;
    return (this.cpuAtStop.user - user + this.cpuAtStop.system - system) / 1000;
  }
}
