import { readdirSync, readFileSync } from 'node:fs';

/** A process of VS Code in which extensions run. */
export interface ExtensionHost {
  readonly pid: number;
  /** The process that started it. */
  readonly parent: number;
}

/** All that run on this machine; Linux tells. */
export function extensionHosts(): readonly ExtensionHost[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).flatMap((pid) => {
    try {
      const isHost = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=extensionHost');
      return isHost ? [{ pid, parent: parentOf(pid) }] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
