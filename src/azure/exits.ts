import type { ContainerEvent, ContainerState } from './containerGroups.ts';

/** How a program ended, as far as its exit code and Azure's words tell. */
export type ExitReason =
  | 'success'
  | 'error'
  | 'wrongArguments'
  | 'notExecutable'
  | 'commandNotFound'
  | 'interrupted'
  | 'aborted'
  | 'killed'
  | 'outOfMemory'
  | 'probeFailed'
  | 'invalidMemoryAccess'
  | 'terminated'
  | 'signal'
  | 'maintenance'
  | 'missingLibrary'
  | 'libraryFailed'
  | 'stackOverflow'
  | 'unhandledException'
  | 'windowsError'
  | 'unknown';

export interface Exit {
  readonly reason: ExitReason;
  /** Azure leaves it out at times. */
  readonly code: number | undefined;
}

/** Exit codes with a meaning of their own on Linux: those of shells, and 128 plus the number of a signal. */
const linuxCodes: Readonly<Record<number, ExitReason>> = {
  2: 'wrongArguments',
  126: 'notExecutable',
  127: 'commandNotFound',
  130: 'interrupted',
  134: 'aborted',
  137: 'killed',
  139: 'invalidMemoryAccess',
  143: 'terminated',
};

/** NTSTATUS values. */
const windowsCodes: Readonly<Record<number, ExitReason>> = {
  0xc0000005: 'invalidMemoryAccess',
  0xc000013a: 'interrupted',
  0xc0000135: 'missingLibrary',
  0xc0000139: 'missingLibrary',
  0xc0000142: 'libraryFailed',
  0xc00000fd: 'stackOverflow',
  0xc0000017: 'outOfMemory',
  0xc0000409: 'aborted',
  0xe0434352: 'unhandledException', // of .NET
  0xe06d7363: 'unhandledException', // of C++
};

/** What Service Fabric, below the service, ends containers with for its own maintenance. */
const maintenanceCodes: readonly number[] = [7147, 7148];

const firstSignal = 128;
const lastSignal = 64;

/** An exit code as the NTSTATUS that it is, of which Azure may make a negative number; undefined for any other. */
export function ntStatus(code: number): number | undefined {
  const unsigned = code >>> 0;
  const has32Bits = code === unsigned || code === (code | 0);
  return has32Bits && unsigned >= 0x8000_0000 && unsigned < 0xf000_0000 ? unsigned : undefined;
}

/** How the program of a container ended that was in this state; `events` are the container's. */
export function exitOf(state: ContainerState, events: readonly ContainerEvent[], osType: string): Exit {
  const { exitCode: code, detailStatus } = state;
  const words = events.filter((event) => isOf(state, event)).map(({ name, message }) => `${name} ${message}`);
  return { reason: reasonIn(detailStatus) ?? reasonOf(code, words, osType), code };
}

/** Whether an event may be about the run that ended in this state. */
function isOf({ startTime, finishTime }: ContainerState, { first, last }: ContainerEvent): boolean {
  const isBefore = startTime !== undefined && last !== undefined && last < startTime;
  const isAfter =
    finishTime !== undefined && first !== undefined && wholeSecond(first) > finishTime.getTime();
  return !isBefore && !isAfter;
}

/** Events have whole seconds, states have parts of them. */
function wholeSecond(time: Date): number {
  return Math.floor(time.getTime() / 1000) * 1000;
}

function reasonIn(words: string): ExitReason | undefined {
  if (isOutOfMemory(words)) {
    return 'outOfMemory';
  }
  return /executable file not found/i.test(words) ? 'commandNotFound' : undefined;
}

function isOutOfMemory(words: string): boolean {
  return /\bOOM\b|\bOOM[-_ ]?kill|out of memory/i.test(words); // not a name such as "chatroom"
}

function reasonOf(code: number | undefined, words: readonly string[], osType: string): ExitReason {
  if (code === undefined) {
    return 'unknown';
  }
  if (code === 0) {
    return 'success';
  }
  if (maintenanceCodes.includes(code)) {
    return 'maintenance';
  }
  const status = ntStatus(code);
  if (status !== undefined) {
    return windowsCodes[status] ?? 'windowsError';
  }
  return osType === 'Windows' ? 'error' : linuxReason(code, words);
}

function linuxReason(code: number, words: readonly string[]): ExitReason {
  const reason = linuxCodes[code];
  if (reason === 'killed' && words.some(isOutOfMemory)) {
    return 'outOfMemory';
  }
  if (
    (reason === 'killed' || reason === 'terminated') &&
    words.some((text) => /liveness probe/i.test(text))
  ) {
    return 'probeFailed';
  }
  return reason ?? (code > firstSignal && code <= firstSignal + lastSignal ? 'signal' : 'error');
}
