import { open, type FileHandle } from 'node:fs/promises';
import { FileError } from './errors.ts';
import type { Sink } from './readBlocks.ts';
import type { LocalContent } from './writeFile.ts';

/** How much is read of a file at once, in bytes. */
const chunk = 256 * 1024;

/** What is in an open file of this side. */
export function contentOf(file: FileHandle, size: number): LocalContent {
  return { length: size, read: (offset, length) => readRange(file, offset, length) };
}

/** Bytes of a file; zeros where it has become shorter. */
export async function* readRange(
  file: FileHandle,
  offset: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length;) {
    const buffer = Buffer.allocUnsafe(Math.min(chunk, length - done));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, offset + done);
    if (bytesRead === 0) {
      buffer.fill(0);
    }
    const got = bytesRead === 0 ? buffer.length : bytesRead;
    yield buffer.subarray(0, got);
    done += got;
  }
}

/** A file of this side as it was seen. */
export interface SeenFile {
  readonly at: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/**
 * Bytes of a file that is still as it was seen.
 * @throws {FileError} of kind `changed` before the last of them where it is not: what came is no mix then.
 */
export async function* readUnchanged(
  file: FileHandle,
  seen: SeenFile,
  offset: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  let last: Uint8Array | undefined;
  for await (const part of readRange(file, offset, length)) {
    if (last !== undefined) {
      yield last;
    }
    last = part;
  }
  const { size, mtimeMs } = await file.stat();
  if (size !== seen.size || mtimeMs !== seen.mtimeMs) {
    throw new FileError('changed', seen.at);
  }
  if (last !== undefined) {
    yield last;
  }
}

/** Takes bytes into a file. */
export function sinkOf(file: FileHandle): Sink {
  let position = 0;
  return {
    write: async (data) => {
      for (let done = 0; done < data.length;) {
        const { bytesWritten } = await file.write(data, done, data.length - done, position);
        done += bytesWritten;
        position += bytesWritten;
      }
    },
    rewind: async (length) => {
      await file.truncate(length);
      position = length;
    },
  };
}

/** Works with an open file, and closes it. */
export async function withFile<T>(
  path: string,
  flags: string,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, flags, 0o600);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
