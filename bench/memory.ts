import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // what the flag exposes

const sampleMs = 10;

/** What this process holds in memory, in bytes: what a garbage collection leaves of the heap and of buffers. */
export function heldMemory(): number {
  collect();
  collect(); // the first one's buffers are counted until they are freed
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Runs work and tells how far this process's resident memory grew meanwhile, with garbage, in bytes. */
export async function residentGrowth(work: () => Promise<void>): Promise<number> {
  collect();
  collect();
  const before = process.memoryUsage.rss();
  let peak = before;
  const sample = () => (peak = Math.max(peak, process.memoryUsage.rss()));
  const timer = setInterval(sample, sampleMs);
  try {
    await work();
    sample();
  } finally {
    clearInterval(timer);
  }
  return peak - before;
}
