import { checksumOf, type Checksum, type ChecksumTool } from './checksum.ts';
import { uncheckedSum } from './commandSource.ts';

/** Passes a stream on and adds it up. */
export class CheckedStream {
  private readonly sum: Checksum | undefined;
  private readonly onData: (data: Buffer) => void;

  constructor(tool: ChecksumTool | undefined, onData: (data: Buffer) => void) {
    this.sum = tool === undefined ? undefined : checksumOf(tool);
    this.onData = onData;
  }

  take(data: Buffer): void {
    this.sum?.update(data);
    this.onData(data);
  }

  /** Whether this is what the far end has reported. */
  matches(line: string): boolean {
    return line.split(' ', 1)[0] === (this.sum?.digest() ?? uncheckedSum);
  }
}
