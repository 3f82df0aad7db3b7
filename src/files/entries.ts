import { decodeName } from './names.ts';

type FileType = 'file' | 'folder' | 'other';

/** What is known of a file or a folder; for a symbolic link, of what it leads to. */
export interface FileStat {
  /** `other` is also where a link leads nowhere. */
  readonly type: FileType;
  readonly isLink: boolean;
  /** In bytes; what the kernel says, which is 0 for files of `/proc`. */
  readonly size: number;
  /** When it was changed last, in milliseconds since 1970. */
  readonly mtimeMs: number;
  /** The permissions, as of `chmod`; undefined where the image has no `stat`. */
  readonly mode: number | undefined;
}

export interface FolderEntry extends FileStat {
  readonly name: string;
}

/** What `stat -c` prints of a file after its name; `L` stands before what a link leads to. */
const fields = '%f %s %Y %y';

/** Records are `./NAME/FIELDS` and a line end: neither a name nor a field holds a slash, and no field a line end. */
const record = `'%n/${fields}'`;
const targetRecord = `'%n/L${fields}'`;

const links = `stat -L -c ${targetRecord} -- "$@" 2>/dev/null`;
const all = './* ./.[!.]* ./..?*';

/** Source that prints records of the files in the current folder, those that are there. */
export const listSource = [
  `stat -c ${record} -- ${all} 2>/dev/null`,
  // No more names than one command line takes.
  `[ $? -lt 126 ]||{ set --;for f in ${all};do set -- "$@" "$f"`,
  `[ $# -lt 100 ]||{ stat -c ${record} -- "$@" 2>/dev/null;set --;};done;stat -c ${record} -- "$@" 2>/dev/null;}`,
  // The shell looks at each file, which takes as long as all else.
  `find . ! -name . -prune -type l -exec stat -L -c ${targetRecord} -- {} + 2>/dev/null||{ set --`,
  `for f in ${all};do [ -L "$f" ]&&{ set -- "$@" "$f";[ $# -lt 100 ]||{ ${links};set --;};};done`,
  `[ $# = 0 ]||${links};};:`,
].join(';');

/** Source that prints the record of a file, without its name, and of what a link leads to. It is short, as shells read slowly. */
export const statSource = `stat -c './/${fields}' --`;
export const targetSource = `stat -L -c './/${fields}' --`;

/** The same, slowly, where the image has no `stat`: what the shell itself and `ls` know of `$f`. */
const plainRecord = [
  't=o;[ ! -f "$f" ]||t=f;[ ! -d "$f" ]||t=d;l=;[ ! -L "$f" ]||l=l',
  'set -f;set -- $(TZ=UTC0 ls -dlnL -- "$f" 2>/dev/null);set +f',
  `printf '%s/=%s%s %s %s %s %s\\n' "$n" $t "$l" "\${5:-0}" "\${6:--}" "\${7:--}" "\${8:--}"`,
].join(';');

export const plainListSource = `for f in ${all};do if [ -e "$f" ]||[ -L "$f" ];then n=$f;${plainRecord};fi;done`;

export const plainStatSource = [
  'f=$p;n=./;if [ -e "$f" ]||[ -L "$f" ];then ',
  plainRecord,
  `;else ls -d -- "$f" >/dev/null;false;fi`,
].join('');

const isAscii = /^[\0-\x7f]*$/;

/** The entries that records tell, by name, up to what is no record. */
export function parseEntries(output: Buffer): ReadonlyMap<string, FolderEntry> {
  const entries = new Map<string, FolderEntry>();
  const text = output.toString('latin1');
  for (let at = 0; text.startsWith('./', at);) {
    const slash = text.indexOf('/', at + 2);
    const lineEnd = slash < 0 ? -1 : text.indexOf('\n', slash);
    const end = lineEnd < 0 ? text.length : lineEnd;
    if (slash < 0) {
      break;
    }
    const raw = text.slice(at + 2, slash);
    const name = isAscii.test(raw) ? raw : decodeName(Buffer.from(raw, 'latin1'));
    const isTarget = text[slash + 1] === 'L';
    const stat = parseStat(text.slice(slash + (isTarget ? 2 : 1), end));
    if (stat !== undefined && (!isTarget || entries.has(name))) {
      entries.set(name, { ...stat, isLink: stat.isLink || isTarget, name });
    }
    at = end + 1;
  }
  return entries;
}

function parseStat(text: string): FileStat | undefined {
  if (text.startsWith('=')) {
    return parsePlain(text);
  }
  const [mode = '', size = '', mtime = '', , time = ''] = text.split(' ', 5);
  if (!/^[0-9a-f]{1,8}$/.test(mode) || !/^\d{1,16}$/.test(size) || !/^-?\d{1,12}$/.test(mtime)) {
    return undefined;
  }
  const bits = Number.parseInt(mode, 16);
  const kind = bits & 0o170_000;
  const fraction = Number(time.slice(9, 12));
  return {
    type: kind === 0o040_000 ? 'folder' : kind === 0o100_000 ? 'file' : 'other',
    isLink: kind === 0o120_000,
    size: Number(size),
    mtimeMs: Number(mtime) * 1000 + (Number.isNaN(fraction) ? 0 : fraction),
    mode: bits & 0o7777,
  };
}

function parsePlain(text: string): FileStat {
  const [kind = '', size = '', month = '', day = '', time = ''] = text.slice(1).split(' ');
  return {
    type: kind.startsWith('d') ? 'folder' : kind.startsWith('f') ? 'file' : 'other',
    isLink: kind.endsWith('l'),
    size: /^\d{1,16}$/.test(size) ? Number(size) : 0,
    mtimeMs: listedTime(month, day, time, new Date()),
    mode: undefined,
  };
}

/** The time that `ls` tells: without the year where it was in the last months, without the hour where it was before. */
function listedTime(month: string, day: string, time: string, now: Date): number {
  const text = time.includes(':')
    ? `${month} ${day} ${now.getUTCFullYear()} ${time}`
    : `${month} ${day} ${time}`;
  const at = new Date(`${text} UTC`);
  if (Number.isNaN(at.getTime())) {
    return 0;
  }
  const day1 = 24 * 60 * 60 * 1000;
  if (time.includes(':') && at.getTime() > now.getTime() + day1) {
    at.setUTCFullYear(at.getUTCFullYear() - 1);
  }
  return at.getTime();
}
