import { checksumTools } from './checksum.ts';

/**
 * The agent is the shell program at the far end of a remote shell: a POSIX `sh` with a raw and silent terminal that runs
 * one request after the other. Either direction may lose or change a byte, so nothing is run or believed unchecked.
 *
 * A **request** is a line of printable ASCII, sent twice: `1LENGTH:NUMBER:SOURCE` and the same with a 2 in front. The
 * agent runs the source if both are equal and as long as they say, and a number only once: sent again, it only answers
 * again. A request that does not check is refused.
 *
 * An **answer** is `NUMBER:CODE:`, a text, the text again and `NUMBER:CODE:` again, each after a mark: the byte 1, a token
 * that nobody else knows, and a character that tells what follows. Whatever comes outside of an answer is raw output.
 * Number 0 is answered unasked, when the agent starts: `TERMINAL:TOOL`, the path of its terminal and the image's tool for
 * checksums; either is empty where there is none.
 *
 * Doubling needs no tool of the image and no further process, and is checked sooner than `cksum` starts.
 */

/** What follows a mark. */
export const kinds = {
  /** The image has no `stty`. */
  noStty: '-',
  /** Something waits for what is to be sent now: the shell of {@link stagedStart}, or a script that takes input. */
  waiting: ':',
  refused: '?',
  answer: '=',
  again: '/',
  tail: '.',
} as const;

/** The byte that a mark starts with. */
export const markByte = 0x01;

/** Writes a mark in the shell; the byte stands escaped in all that is sent or shown among processes. */
export function mark(token: string, kind: string): string {
  return String.raw`\001${token}${kind}`;
}

/** The source of the agent, on one line; `_g` is `setsid` where the image has it. Its variables start with an underline, as commands inherit exported ones. */
function agentSource(token: string): string {
  const answer = `${mark(token, kinds.answer)}%s:%s:%s${mark(token, kinds.again)}%s${mark(token, kinds.tail)}%s:%s:`;
  return [
    // Output is the terminal even where input comes through a pipe.
    `stty raw -echo <&1 2>/dev/null||{ printf '${mark(token, kinds.noStty)}';exit;};`,
    `_e=$(printf '\\n.');_e=\${_e%.};_a=;_n=0;_c=0;_o=;`,
    'for _s in /dev/pts/[0-9]*;do [ $_s -ef /proc/self/fd/1 ]&&_o=$_s;done 2>/dev/null;',
    `for _s in ${checksumTools.join(' ')} "";do command -v tee&&command -v "$_s"&&break;done >/dev/null 2>&1;_o=$_o:$_s;`,
    '_g=;command -v setsid >/dev/null 2>&1&&_g=setsid;',
    `_p(){ printf '${answer}' "$_n" "$_c" "$_o" "$_o" "$_n" "$_c";};_p;`,
    'while IFS= read -r _l;do case $_l in 1*)_a=$_l;;*)_s=${_a#*:};',
    'if [ "2${_a#1}" = "$_l" ]&&[ "${_a%%:*}" = "1${#_s}" ];then ',
    'if [ "$_n" != "${_s%%:*}" ];then _n=${_s%%:*};_o=;_c=;eval "${_s#*:}";fi;_p;',
    `else printf '${mark(token, kinds.refused)}';fi;;esac;done`,
  ].join('');
}

/**
 * The command that starts the agent. The service splits a command at spaces and knows no quoting, so it has none: the
 * shell makes the agent's blanks of tabs, which `printf` writes. It stands in a request of HTTP, which loses nothing.
 */
export function directStart(token: string): string {
  const format = agentSource(token)
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('%', '%%')
    .replaceAll("'", String.raw`\047`)
    .replaceAll(' ', String.raw`\t`);
  return `/bin/sh -c eval\${IFS}"$(printf\${IFS}'${format}')"`;
}

/**
 * The same where the service does not hand `$`, quotes and braces through: a plain command, whose second shell reads a
 * pipe and is not interactive. It is told to wait for the agent, and then gets it twice. The agent is a shell of its own:
 * bash breaks down when it duplicates the input that it reads its commands from.
 */
export function stagedStart(token: string): {
  readonly command: string;
  readonly stage: string;
  readonly agent: string;
} {
  const agent = agentSource(token);
  return {
    command: '/bin/sh -c cat|sh',
    stage: `stty raw -echo <&1;printf '${mark(token, kinds.waiting)}';read -r _a;read -r _b;[ "$_a" = "$_b" ]&&exec /bin/sh -c "$_a"||printf '${mark(token, kinds.refused)}'\n`,
    agent: `${agent}\n${agent}\n`,
  };
}

/** A request as it is sent. */
export function requestLines(number: number, source: string): string {
  const numbered = `${number}:${source}`;
  const line = `${numbered.length}:${numbered}\n`;
  return `1${line}2${line}`;
}

/**
 * Source that answers with what a script prints, without line ends at its end, and with its exit code. The script has no
 * input; file descriptor 8 is the agent's own, 9 the terminal.
 */
export function captured(script: string): string {
  return `{ _o=$({ ${script};} 8<&0 </dev/null 2>/dev/null);_c=$?;} 9>&1`;
}
