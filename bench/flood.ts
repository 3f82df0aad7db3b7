/** What came of one stream of output, from its first byte to its last. Times in milliseconds, memory in bytes. */
export interface Flood {
  readonly bytes: number;
  /** The length of the text in UTF-16 units; 0 where it was not decoded. */
  readonly units: number;
  readonly tookMs: number;
  /** Processor time of the receiving process. */
  readonly cpuMs: number;
  /** How far its resident memory grew at most. */
  readonly residentGrowth: number;
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
