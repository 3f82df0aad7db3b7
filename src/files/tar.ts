import { decodeName, encodeName } from './names.ts';

/** What an archive holds of one file. */
export interface TarEntry {
  readonly type: 'file' | 'folder' | 'link' | 'hardLink';
  /** Relative, with `/` between its parts. */
  readonly path: string;
  readonly mode: number;
  readonly mtimeMs: number;
  /** In bytes; 0 for all but files. */
  readonly size: number;
  /** Where a link leads to. */
  readonly target: string;
}

/** Archives are made of blocks of so many bytes. */
export const tarBlock = 512;

const typeFlags = { file: '0', hardLink: '1', link: '2', folder: '5' } as const;
const types: ReadonlyMap<string, TarEntry['type']> = new Map([
  ['0', 'file'],
  ['1', 'hardLink'],
  ['2', 'link'],
  ['5', 'folder'],
]);

/** What ends an archive. */
export const tarEnd = Buffer.alloc(2 * tarBlock);

/** How much is between a file's content and the next header. */
export function paddingOf(size: number): number {
  return (tarBlock - (size % tarBlock)) % tarBlock;
}

/**
 * The header of an entry. A path that is too long for it comes before it in GNU's way, which every `tar` of an image knows;
 * busybox knows no other.
 */
export function tarHeader({ type, path, mode, mtimeMs, size, target }: TarEntry): Buffer {
  const name = Buffer.from(encodeName(path));
  const link = Buffer.from(encodeName(target));
  return Buffer.concat([
    ...(name.length > nameField ? longName('L', name) : []),
    ...(link.length > nameField ? longName('K', link) : []),
    header(typeFlags[type], name, link, mode, Math.floor(mtimeMs / 1000), size),
  ]);
}

const nameField = 100;

function longName(flag: string, name: Buffer): readonly Buffer[] {
  const size = name.length + 1;
  const padding = Buffer.alloc(1 + paddingOf(size));
  return [header(flag, Buffer.from('././@LongLink'), Buffer.of(), 0, 0, size), name, padding];
}

function header(flag: string, name: Buffer, link: Buffer, mode: number, mtime: number, size: number): Buffer {
  const block = Buffer.alloc(tarBlock);
  name.copy(block, 0, 0, nameField);
  block.write(octal(mode & 0o7777, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  if (size < 0o100_000_000_000) {
    block.write(octal(size, 11), 124);
  } else {
    block.writeUInt8(0x80, 124);
    block.writeBigUInt64BE(BigInt(size), 128);
  }
  block.write(octal(Math.max(0, mtime), 11), 136);
  block.write(flag, 156);
  link.copy(block, 157, 0, nameField);
  block.write('ustar  \0', 257, 'latin1');
  block.write(`${octal(checksum(block), 6)}\0 `, 148, 'latin1');
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** The sum of a header's bytes, its own field counted as blanks. */
function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (const [at, byte] of block.entries()) {
    sum += at >= 148 && at < 156 ? 0 : byte;
  }
  return sum;
}

/** Reads so many bytes of an archive; fewer only at its end. */
type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** An archive is not one, or ends too early. */
export class TarDamaged extends Error {
  override readonly name = 'TarDamaged';
}

/** Names and notes longer than this are no names, in bytes. */
const maxNote = 64 * 1024;

/** What is in an archive of so many bytes, in its order, each with the place of its content. What is no file, folder or link is left out. */
export async function* readTar(
  readAt: ReadAt,
  length: number,
): AsyncGenerator<TarEntry & { readonly contentAt: number }, void, void> {
  let notes: Notes = {};
  for (let offset = 0; ;) {
    const block = await readAt(offset, tarBlock);
    if (block.length < tarBlock) {
      throw new TarDamaged('the archive has no end');
    }
    if (block.every((byte) => byte === 0)) {
      return;
    }
    if (numberAt(block, 148, 8) !== checksum(block)) {
      throw new TarDamaged('a header of the archive is damaged');
    }
    const flag = String.fromCharCode(block[156] ?? 0);
    const ownSize = numberAt(block, 124, 12);
    const contentAt = offset + tarBlock;
    const size = 'LKxg'.includes(flag) ? ownSize : (notes.size ?? ownSize);
    if (!Number.isSafeInteger(size) || size < 0 || contentAt + size > length) {
      throw new TarDamaged('a size in the archive is not true');
    }
    offset = contentAt + size + paddingOf(size);
    if ('LKx'.includes(flag)) {
      if (size > maxNote) {
        throw new TarDamaged('a name in the archive is too long');
      }
      notes = { ...notes, ...readNotes(flag, await readAt(contentAt, size)) };
      continue;
    }
    const type = flag === '\0' || flag === '7' ? 'file' : types.get(flag);
    const own = notes;
    notes = flag === 'g' ? notes : {};
    if (type !== undefined) {
      yield {
        type,
        path: own.path ?? decodeName(fullName(block)),
        target: own.target ?? decodeName(textAt(block, 157, nameField)),
        mode: numberAt(block, 100, 8) & 0o7777,
        mtimeMs: timeAt(block, 136, 12),
        size: type === 'file' ? size : 0,
        contentAt,
      };
    }
  }
}

/** What was noted for the next entry. */
interface Notes {
  readonly path?: string;
  readonly target?: string;
  readonly size?: number;
}

function readNotes(flag: string, content: Buffer): Notes {
  if (flag !== 'x') {
    const text = decodeName(textAt(content, 0, content.length));
    return flag === 'L' ? { path: text } : { target: text };
  }
  let notes: Notes = {};
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(' ', at);
    const length = Number(content.toString('latin1', at, Math.max(at, space)));
    if (space < 0 || !Number.isSafeInteger(length) || length <= space - at) {
      break;
    }
    const pair = content.subarray(space + 1, at + length - 1);
    const equals = pair.indexOf('=');
    const value = pair.subarray(equals + 1);
    switch (pair.toString('latin1', 0, Math.max(0, equals))) {
      case 'path':
        notes = { ...notes, path: decodeName(value) };
        break;
      case 'linkpath':
        notes = { ...notes, target: decodeName(value) };
        break;
      case 'size':
        notes = { ...notes, size: Number(value.toString('latin1')) };
    }
    at += length;
  }
  return notes;
}

/** The name, with POSIX's prefix where that is used. */
function fullName(block: Buffer): Buffer {
  const name = textAt(block, 0, nameField);
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? textAt(block, 345, 155) : Buffer.of();
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
}

function textAt(block: Buffer, at: number, length: number): Buffer {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}

/** A time in milliseconds since 1970; 0 where there is none. */
function timeAt(block: Buffer, at: number, length: number): number {
  const ms = numberAt(block, at, length) * 1000;
  return Number.isNaN(new Date(ms).getTime()) ? 0 : ms;
}

/** A number in octal, or in binary where its first bit is set. */
function numberAt(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) {
    return block.subarray(at + 1, at + length).reduce((value, byte) => value * 256 + byte, first & 0x7f);
  }
  const text = block.toString('latin1', at, at + length).replace(/[\0 ]/g, '');
  return text === '' ? 0 : Number.parseInt(text, 8);
}
