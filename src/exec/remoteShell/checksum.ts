import { createHash, type Hash } from 'node:crypto';

/** The tools of an image that make a checksum of what they read, best one first. */
export const checksumTools = ['cksum', 'sha256sum', 'md5sum'] as const;

export type ChecksumTool = (typeof checksumTools)[number];

/** Adds up bytes as a tool does. */
export interface Checksum {
  update(data: Uint8Array): void;
  /** What the tool prints first. */
  digest(): string;
}

export function checksumOf(tool: ChecksumTool): Checksum {
  return tool === 'cksum' ? new PosixChecksum() : new HashChecksum(tool === 'md5sum' ? 'md5' : 'sha256');
}

class HashChecksum implements Checksum {
  private readonly hash: Hash;

  constructor(algorithm: string) {
    this.hash = createHash(algorithm);
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  digest(): string {
    return this.hash.digest('hex');
  }
}

/** `table[k * 256 + byte]` is what a byte with k further ones behind it does to the remainder. */
const table = makeTable();

function makeTable(): Uint32Array {
  const made = new Uint32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte << 24;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder << 1) ^ (remainder < 0 ? 0x04c1_1db7 : 0);
    }
    made[byte] = remainder;
  }
  for (let index = 256; index < made.length; index++) {
    const before = made[index - 256] ?? 0;
    made[index] = (before << 8) ^ (made[before >>> 24] ?? 0);
  }
  return made;
}

/** The CRC of POSIX `cksum`: four bytes a step, as it keeps pace with a fast connection. */
class PosixChecksum implements Checksum {
  private remainder = 0;
  private length = 0;

  update(data: Uint8Array): void {
    let remainder = this.remainder;
    let at = 0;
    for (; at + 4 <= data.length; at += 4) {
      const word =
        remainder ^
        ((byteAt(data, at) << 24) |
          (byteAt(data, at + 1) << 16) |
          (byteAt(data, at + 2) << 8) |
          byteAt(data, at + 3));
      remainder =
        entry(3, word >>> 24) ^
        entry(2, (word >>> 16) & 0xff) ^
        entry(1, (word >>> 8) & 0xff) ^
        entry(0, word & 0xff);
    }
    for (; at < data.length; at++) {
      remainder = step(remainder, byteAt(data, at));
    }
    this.remainder = remainder;
    this.length += data.length;
  }

  digest(): string {
    let remainder = this.remainder;
    for (let length = this.length; length > 0; length = Math.floor(length / 256)) {
      remainder = step(remainder, length % 256);
    }
    return String(~remainder >>> 0);
  }
}

function step(remainder: number, byte: number): number {
  return (remainder << 8) ^ entry(0, (remainder >>> 24) ^ byte);
}

function entry(behind: number, byte: number): number {
  return table[behind * 256 + byte] ?? 0;
}

function byteAt(data: Uint8Array, at: number): number {
  return data[at] ?? 0;
}
