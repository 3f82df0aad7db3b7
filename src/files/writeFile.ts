import { randomBytes } from 'node:crypto';
import { clock } from '../base/clock.ts';
import { withTimeLimit } from '../base/timeLimit.ts';
import { checksumOf, type ChecksumTool } from '../exec/remoteShell/checksum.ts';
import { OutputDamaged, RemoteShellLost } from '../exec/remoteShell/errors.ts';
import { quote } from '../exec/remoteShell/quote.ts';
import { FileError, fileError } from './errors.ts';
import { quotePath } from './paths.ts';
import { longestSilence, type TransferOptions } from './readBlocks.ts';
import type { RemoteFiles } from './remoteFiles.ts';
import { Retries, retried } from './retries.ts';

/** Bytes of this side that can be read from any place on. */
export interface LocalContent {
  readonly length: number;
  readonly read: (offset: number, length: number) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export function bytesOf(bytes: Uint8Array): LocalContent {
  return { length: bytes.length, read: (offset, length) => [bytes.subarray(offset, offset + length)] };
}

/** What a file gets besides its content; it keeps what it has without. */
export interface FileAttributes {
  readonly mode?: number;
  readonly mtimeMs?: number;
}

/** The first block's length, in bytes. One that fails is followed by an eighth. */
const firstBlock = 4 * 1024 * 1024;
const smallestBlock = 1024;
/** Of a block whose connection is lost nothing is kept: one that took less, in milliseconds, is followed by one eight times as long. */
const shortMs = 1_000;
const largestBlock = 64 * 1024 * 1024;

/** The longest that making a temporary file may take, in milliseconds. */
const prepareMs = 30_000;

/** The longest that what was begun in a container may take to be taken back, in milliseconds. */
const cleanUpMs = 10_000;

/**
 * Writes a file: to a temporary one beside it, which then takes its name, with the mode and owner of the one that was there
 * and behind the link that leads to it. Where its folder takes no other file, or it cannot be replaced, as a mount point
 * cannot, it gets the content once that is whole in the container.
 */
export async function writeFile(
  files: RemoteFiles,
  path: string,
  content: LocalContent,
  attributes: FileAttributes,
  options: TransferOptions,
): Promise<void> {
  const { signal } = options;
  await files.tools(signal);
  // Short, and not broken off: nobody would know whether there is a temporary file.
  const place = await withTimeLimit(
    new AbortController().signal,
    prepareMs,
    () => new RemoteShellLost('silent'),
    (limit) => prepare(files, path, limit),
  );
  try {
    signal.throwIfAborted();
    const sum = await writeBlocks(files, path, place.temporary, content, options);
    const script = commitSource(place, content.length, attributes, sum, await files.tools(signal));
    signal.throwIfAborted();
    await finished(files, path, script);
  } catch (error) {
    await cleanUp(files, place.temporary, putBackSource(place));
    throw error;
  }
}

/**
 * Runs the last step of a write, source that may be run again where it is not known how far it came. It is not cancelled:
 * half of it would be neither what was there nor what is new.
 */
export async function finished(files: RemoteFiles, path: string, script: string): Promise<void> {
  const { signal } = new AbortController();
  await retried(signal, () => files.ask(path, script, signal, false));
}

/** Words of shell source for the paths of a file that is being written. */
interface Place {
  /** Where links lead to. */
  readonly target: string;
  readonly temporary: string;
  /** Whether the temporary file is elsewhere, and the target gets its content in the end. */
  readonly isElsewhere: boolean;
}

/** A name for what is not whole yet. */
export function temporaryName(): string {
  return `.${randomBytes(6).toString('hex')}.part`;
}

async function prepare(files: RemoteFiles, path: string, signal: AbortSignal): Promise<Place> {
  const tools = await files.tools(signal);
  const name = temporaryName();
  const resolve = tools.has('readlink')
    ? 'if [ -L "$p" ];then r=$(readlink -f -- "$p"&&echo .)||exit 1;r=${r%$_e.};else r=$p;fi'
    : 'r=$p';
  const script = [
    `p=${quotePath(path)};${resolve};d=\${r%/*}/`,
    `if [ -d "$r" ];then echo ': is a directory';exit 1;fi`,
    `if [ -e "$r" ]&&[ ! -f "$r" ];then echo ': not a regular file';exit 1;fi`,
    `if [ ! -d "$d" ];then ls -d -- "$d" >/dev/null&&echo ': no such file';exit 1;fi`,
    `if [ -e "$r" ]&&[ ! -w "$r" ];then echo ': permission denied';exit 1;fi`,
    'umask 077',
    // Where there can be no other file, as in /proc, the content waits elsewhere.
    `h=h;if [ -e "$r" ];then (: >"$d${name}") 2>/dev/null||{ h=e;: >/tmp/${name};};else : >"$d${name}";fi&&printf '%s%s.' $h "$r"`,
  ].join(';');
  const text = (await files.ask(path, script, signal, true)).toString('latin1');
  const [, where, target] = /^([he])(\/[^\0]+)\.$/s.exec(text) ?? [];
  if (target === undefined) {
    throw new FileError('other', path, 'the container gave no answer that makes sense');
  }
  const isElsewhere = where === 'e';
  const folder = isElsewhere ? '/tmp/' : target.slice(0, target.lastIndexOf('/') + 1);
  return {
    temporary: quote(Buffer.from(`${folder}${name}`, 'latin1')),
    target: quote(Buffer.from(target, 'latin1')),
    isElsewhere,
  };
}

/**
 * Writes what makes up a temporary file, whose path is a word of shell source, in blocks that are each checked before the
 * next one. Resolves to the checksum of the whole where the whole is to be looked at once more.
 */
export async function writeBlocks(
  files: RemoteFiles,
  path: string,
  temporary: string,
  content: LocalContent,
  { signal, onProgress }: TransferOptions,
): Promise<{ readonly tool: ChecksumTool; readonly digest: string } | undefined> {
  const tools = await files.tools(signal);
  const tool = await retried(signal, () => files.engine.checksumTool(signal));
  const isDivisible = tools.has('tail') && tools.has('dd');
  const retries = new Retries();
  let size = isDivisible ? firstBlock : Math.max(content.length, 1);
  let hadTrouble = false;
  for (let offset = 0; offset < content.length;) {
    const length = Math.min(size, content.length - offset);
    const startedAt = clock();
    try {
      await writeBlock(files, path, temporary, content, { offset, length, tool }, { signal, onProgress });
      offset += length;
      size = clock() - startedAt < shortMs ? Math.min(size * 8, largestBlock) : size;
      retries.progressed();
    } catch (error) {
      await retries.after(error, signal);
      hadTrouble = true;
      size = isDivisible ? Math.max(smallestBlock, Math.floor(size / 8)) : size;
    }
  }
  return hadTrouble && tool !== undefined ? { tool, digest: await digestOf(content, tool) } : undefined;
}

/** Source that says why no more can be written: busybox's `tee` does not. */
const sayWhy = 'head -c 65536 /dev/zero|cat >>"$t"';

interface Range {
  readonly offset: number;
  readonly length: number;
  readonly tool: ChecksumTool | undefined;
}

async function writeBlock(
  { engine }: RemoteFiles,
  path: string,
  temporary: string,
  content: LocalContent,
  { offset, length, tool }: Range,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; readonly onProgress: TransferOptions['onProgress'] },
): Promise<void> {
  const script = [
    `exec 2>&1;export LC_ALL=C;umask 077;t=${temporary}`,
    // What is there of a block that was broken off goes.
    offset === 0 ? ': >"$t"||exit 1' : `dd if=/dev/null of="$t" bs=1 seek=${offset} 2>/dev/null`,
    tool === undefined
      ? 'cat >>"$t"||exit 1'
      : `s=$(tee -a -- "$t"|${tool});[ "$(wc -c <"$t")" -eq ${offset + length} ]||{ ${sayWhy};exit 1;};printf '%s\\n' "$s"`,
  ].join(';');
  let sent = 0;
  const onSent = (bytes: number) => {
    sent += bytes;
    onProgress?.(offset + sent);
  };
  const read = () => content.read(offset, length);
  const { exitCode, text, isChecked } = await engine.write(script, { length, read, onSent }, signal);
  if (exitCode > 128) {
    throw new OutputDamaged(); // a signal ended it
  }
  if (exitCode === 127) {
    throw new FileError('missingTool', path, 'head');
  }
  if (exitCode !== 0) {
    throw fileError(text.toString(), path);
  }
  if (!isChecked) {
    const [here, there] = [checksumOf('cksum'), checksumOf('cksum')];
    for await (const data of read()) {
      here.update(data);
    }
    const written = offset === 0 ? `cat ${temporary}` : `tail -c +${offset + 1} ${temporary}`;
    const onData = (data: Buffer) => there.update(data);
    await engine.read(written, { onData, silenceMs: longestSilence(offset) }, signal);
    if (here.digest() !== there.digest()) {
      throw new OutputDamaged();
    }
  }
}

async function digestOf(content: LocalContent, tool: ChecksumTool): Promise<string> {
  const sum = checksumOf(tool);
  for await (const data of content.read(0, content.length)) {
    sum.update(data);
  }
  return sum.digest();
}

/** Source that gives a temporary file its name. It may be run again where it is not known whether it was. */
function commitSource(
  { target, temporary, isElsewhere }: Place,
  length: number,
  { mode, mtimeMs }: FileAttributes,
  sum: { readonly tool: ChecksumTool; readonly digest: string } | undefined,
  tools: ReadonlySet<string>,
): string {
  const keep = tools.has('stat')
    ? 'chown "$(stat -c %u:%g -- "$p")" "$t" 2>/dev/null;chmod "$(stat -c %a -- "$p")" "$t"'
    : 'cp -p -- "$p" "$t.k"&&cat <"$t" >"$t.k"&&mv -f -- "$t.k" "$t"';
  return [
    `p=${target};t=${temporary}`,
    `if [ ! -e "$t" ];then [ "$(wc -c <"$p")" -eq ${length} ];else :`,
    ...(sum === undefined
      ? []
      : [`s=$(${sum.tool} <"$t");if [ "\${s%% *}" != ${sum.digest} ];then echo ': damaged';exit 1;fi`]),
    `if [ -e "$p" ];then ${keep};else chmod =rw "$t";fi`,
    ...(mode === undefined ? [] : [`chmod ${(mode & 0o7777).toString(8)} "$t"`]),
    ...(mtimeMs === undefined ? [] : [touchSource(mtimeMs, '"$t"')]),
    // Between file systems it would delete what is there, and then copy.
    `${isElsewhere ? 'false' : 'mv -f -- "$t" "$p" 2>/dev/null'}||{ ${intoPlace};}`,
    'fi',
  ].join(';');
}

/** Source that puts the content into the file that is there, of which it keeps a copy until all is in it. */
const intoPlace =
  '{ [ -e "$t.o" ]||[ ! -r "$p" ]||{ cat <"$p" >"$t.n"&&mv -f -- "$t.n" "$t.o";};}&&cat <"$t" >"$p"&&rm -f -- "$t" "$t.o"';

/** Source that undoes what {@link intoPlace} has begun. */
function putBackSource({ target, temporary }: Place): string {
  return `p=${target};t=${temporary};if [ -e "$t" ]&&[ -e "$t.o" ];then cat <"$t.o" >"$p";fi&&rm -f -- "$t.k" "$t.n" "$t.o"`;
}

/** Source that sets when a file was changed last. */
export function touchSource(mtimeMs: number, word: string): string {
  const digits = new Date(Math.max(0, mtimeMs)).toISOString().replace(/\D/g, '');
  return `TZ=UTC0 touch -t ${digits.slice(0, 12)}.${digits.slice(12, 14)} -- ${word}`;
}

/** Takes back what was begun, as far as the container still answers; nothing is deleted unless `putBack` succeeds. */
export async function cleanUp({ engine }: RemoteFiles, temporary: string, putBack: string): Promise<void> {
  const signal = AbortSignal.timeout(cleanUpMs);
  await engine
    .script(`{ ${putBack};}&&rm -rf -- ${temporary}`, { signal, isRepeatable: true, limitMs: cleanUpMs })
    .catch(() => undefined);
}
