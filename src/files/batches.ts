import { OutputDamaged, RemoteShellLost } from '../exec/remoteShell/errors.ts';

/**
 * Where an image has no `tar`, small files go together, as each one alone takes some round trips. These are the largest
 * file, and how much and how many go at once: all of it is held in memory, and the names are in one line for the shell.
 */
const smallBytes = 64 * 1024;
const batchBytes = 1024 * 1024;
const batchFiles = 100;

/** Files in their order, small ones together and each large one alone. */
export function batchesOf<T extends { readonly size: number }>(
  files: readonly T[],
): readonly (readonly T[])[] {
  const batches: (readonly T[])[] = [];
  let batch: T[] = [];
  let bytes = 0;
  for (const file of files) {
    if (file.size > smallBytes) {
      batches.push([file]);
      continue;
    }
    if (batch.length === batchFiles || bytes + file.size > batchBytes) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += file.size;
  }
  return batch.length === 0 ? batches : [...batches, batch];
}

/** Does work for all files of a batch together, and for each one alone where that does not come through. */
export async function together<T>(
  batch: readonly T[],
  all: (batch: readonly T[]) => Promise<boolean>,
  alone: (file: T) => Promise<void>,
): Promise<void> {
  if (batch.length > 1 && (await all(batch).catch(isDamage))) {
    return;
  }
  for (const file of batch) {
    await alone(file);
  }
}

/** False for what another way may mend. @throws all else. */
function isDamage(error: unknown): false {
  if (error instanceof OutputDamaged || (error instanceof RemoteShellLost && error.reason !== 'tooLong')) {
    return false;
  }
  throw error;
}
