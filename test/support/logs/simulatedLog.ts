import { AzureError, type AzureProblem } from '../../../src/azure/errors.ts';
import type { ContainerRun } from '../../../src/logs/containerRun.ts';
import type { LogSource } from '../../../src/logs/followLog.ts';

/** The log of a container as the service keeps it, in a time of its own. */
export class SimulatedLog implements LogSource {
  /** All that was ever written, with timestamps, by runs of the container. */
  readonly runs: string[][] = [[]];
  /** In milliseconds. */
  now = Date.UTC(2026, 0, 1);
  /** The next read fails with it. */
  problem: AzureProblem | undefined;
  /** The next answer is made while its last line is being written: so many characters of it are missing. */
  missing = 0;
  /** So often the container's state is still told as it was before the last restart. */
  staleLooks = 0;
  reads = 0;
  looks = 0;
  bytes = 0;
  private readonly keptBytes: number;
  private isRunning: boolean;
  private exitCode: number | undefined;
  private hasLog = true;

  /** Of a container that is told to run, or to have ended: then the service keeps so few bytes only. */
  constructor(keptBytes = Number.POSITIVE_INFINITY) {
    this.keptBytes = keptBytes;
    this.isRunning = keptBytes === Number.POSITIVE_INFINITY;
  }

  write(...texts: readonly string[]): void {
    this.hasLog = true;
    for (const text of texts) {
      this.runs.at(-1)?.push(`${stamp(this.now)} ${text}`);
    }
  }

  /** The run ends; its log stays. */
  end(exitCode: number): void {
    this.isRunning = false;
    this.exitCode = exitCode;
  }

  /** A new run begins, with an empty log. */
  restart(): void {
    this.isRunning = this.keptBytes === Number.POSITIVE_INFINITY;
    this.runs.push([]);
    this.hasLog = false;
  }

  read(tail: number, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    this.reads++;
    const { problem, missing } = this;
    this.problem = undefined;
    this.missing = 0;
    if (problem !== undefined) {
      return Promise.reject(new AzureError(problem));
    }
    if (!this.hasLog) {
      return Promise.reject(new AzureError({ kind: 'logNotAvailable', detail: 'not yet' }));
    }
    const content = this.kept()
      .slice(-tail)
      .map((line) => `${line}\n`)
      .join('');
    this.bytes += content.length;
    return Promise.resolve(missing === 0 ? content : content.slice(0, -missing));
  }

  run(): Promise<ContainerRun> {
    this.looks++;
    const isStale = this.staleLooks > 0;
    this.staleLooks = Math.max(0, this.staleLooks - 1);
    const number = this.runs.length - (isStale ? 1 : 0);
    return Promise.resolve({ id: String(number), isRunning: this.isRunning, exitCode: this.exitCode });
  }

  private kept(): readonly string[] {
    const lines = this.runs.at(-1) ?? [];
    let bytes = 0;
    const first = lines.findLastIndex((line) => (bytes += line.length + 1) > this.keptBytes);
    return lines.slice(first + 1);
  }
}

/** A time as Go writes it: without the zeros at its end. */
function stamp(ms: number): string {
  const [seconds = '', fraction = ''] = new Date(ms).toISOString().replace('Z', '').split('.');
  const digits = fraction.replace(/0+$/, '');
  return `${seconds}${digits === '' ? '' : `.${digits}`}Z`;
}
