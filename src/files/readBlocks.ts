import { checksumOf } from '../exec/remoteShell/checksum.ts';
import { OutputDamaged, RemoteShellLost } from '../exec/remoteShell/errors.ts';
import { longestSilenceMs, type ReadResult } from '../exec/remoteShell/readOutput.ts';
import type { RemoteEngine } from '../exec/remoteShell/remoteEngine.ts';
import type { OutputFlow } from '../exec/remoteShell/runCommand.ts';
import { fileError } from './errors.ts';
import type { RemoteSource } from './remoteSource.ts';
import { Retries } from './retries.ts';

/** Where what is read goes, in order. */
export interface Sink {
  readonly write: (data: Buffer) => Promise<void>;
  /** Forgets what came after the first `length` bytes. */
  readonly rewind: (length: number) => Promise<void>;
}

export interface TransferOptions {
  readonly signal: AbortSignal;
  /** How much has been transferred, in bytes; may go back. */
  readonly onProgress?: (bytes: number) => void;
  /** How much there is to transfer, in bytes, once that is known; of a folder that is downloaded only about so much. */
  readonly onSize?: (bytes: number) => void;
}

/** The first block's length, in bytes. One that passes is followed by one four times as long, one that fails by an eighth. */
const firstBlock = 4 * 1024 * 1024;
const smallestBlock = 1024;

/** A container that reads a source once more up to a place is silent until there; slow disks read so many bytes in a millisecond. */
const slowRate = 10_000;

/** The longest silence of a container that reads from a place on, in milliseconds. */
export const longestSilence = (offset: number) => longestSilenceMs + offset / slowRate;

/** Output is held back while so many bytes wait for the sink. */
const maxWaiting = 4 * 1024 * 1024;

/**
 * Reads a source to its end in blocks, each checked before the next one: only a broken block is read again, and of one
 * whose connection is lost only what had not come. Resolves to what was complained of.
 */
export async function readBlocks(
  { engine }: { readonly engine: RemoteEngine },
  source: RemoteSource,
  sink: Sink,
  { signal, onProgress }: TransferOptions,
): Promise<{ readonly length: number; readonly complaints: string; readonly blocks: number }> {
  const retries = new Retries();
  let offset = 0;
  let size = source.isDivisible ? firstBlock : Number.MAX_SAFE_INTEGER;
  for (let blocks = 1; ; blocks++) {
    const block = new Block(sink, (got) => onProgress?.(offset + got));
    try {
      const result = await block.read(engine, source.slice(offset, size), longestSilence(offset), signal);
      if (result.exitCode > 128) {
        throw new OutputDamaged(); // a signal ended it
      }
      if (result.exitCode !== 0 && block.length === 0) {
        throw fileError(result.errors, source.path);
      }
      offset += block.length;
      if (block.length < size) {
        return { length: offset, complaints: result.errors, blocks };
      }
      retries.progressed();
      size *= 4;
    } catch (error) {
      await block.settled();
      await retries.after(error, signal);
      const isWhole =
        error instanceof RemoteShellLost &&
        source.isDivisible &&
        block.length > 0 &&
        (await block.isRight(engine, source.slice(offset, block.length), signal));
      if (isWhole) {
        offset += block.length;
        retries.progressed();
      } else {
        await sink.rewind(offset);
        size = source.isDivisible ? Math.max(smallestBlock, Math.floor(size / 8)) : size;
      }
    }
  }
}

/** One block on its way. */
class Block {
  length = 0;
  private readonly sink: Sink;
  private readonly onLength: (length: number) => void;
  private readonly sum = checksumOf('cksum');
  private waiting = 0;
  private readonly unwritten: Buffer[] = [];
  /** Until all that came is written; for good where that failed. */
  private writing: Promise<void> | undefined;
  private flow: OutputFlow | undefined;

  constructor(sink: Sink, onLength: (length: number) => void) {
    this.sink = sink;
    this.onLength = onLength;
  }

  /** @throws {OutputDamaged} when it is not what the far end has read. */
  async read(
    engine: RemoteEngine,
    script: string,
    silenceMs: number,
    signal: AbortSignal,
  ): Promise<ReadResult> {
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    const onStart = (flow: OutputFlow) => (this.flow = flow);
    const onData = (data: Buffer) => this.take(data, (error) => failed.abort(error));
    const result = await engine.read(`export LC_ALL=C;${script}`, { onStart, onData, silenceMs }, either);
    await this.writing;
    either.throwIfAborted();
    if (!result.isChecked && this.length > 0) {
      await this.readAgain(engine, script, silenceMs, either);
    }
    return result;
  }

  /** Resolves once the sink has all that came. */
  async settled(): Promise<void> {
    await this.writing;
  }

  /** Whether what came of a broken off block is what the far end has there. */
  async isRight(engine: RemoteEngine, script: string, signal: AbortSignal): Promise<boolean> {
    try {
      const source = `export LC_ALL=C;${script}|cksum`;
      const { text } = await engine.script(source, { signal, isRepeatable: true, limitMs: 120_000 });
      return text.toString().split(' ', 1)[0] === this.sum.digest();
    } catch {
      signal.throwIfAborted();
      return false;
    }
  }

  private take(data: Buffer, onFailure: (error: unknown) => void): void {
    this.sum.update(data);
    this.length += data.length;
    this.waiting += data.length;
    this.unwritten.push(data);
    if (this.waiting > maxWaiting) {
      this.flow?.pause();
    }
    this.writing ??= this.writeAll().then(() => (this.writing = undefined), onFailure);
  }

  /** Each write costs something, so what has come meanwhile goes together. */
  private async writeAll(): Promise<void> {
    while (this.unwritten.length > 0) {
      const data = Buffer.concat(this.unwritten.splice(0));
      await this.sink.write(data);
      this.waiting -= data.length;
      this.onLength(this.length - this.waiting);
      if (this.waiting < maxWaiting / 2) {
        this.flow?.resume();
      }
    }
  }

  /** Without a tool for checksums, what comes twice is right. */
  private async readAgain(
    engine: RemoteEngine,
    script: string,
    silenceMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const again = checksumOf('cksum');
    await engine.read(script, { onData: (data) => again.update(data), silenceMs }, signal);
    if (again.digest() !== this.sum.digest()) {
      throw new OutputDamaged();
    }
  }
}
