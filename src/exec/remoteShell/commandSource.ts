import { captured } from './agent.ts';
import type { ChecksumTool } from './checksum.ts';
import { quote } from './quote.ts';

/** A command line for the container's own shell. */
export interface ShellCommand {
  readonly line: string;
  /** The folder to run it in; the image's own without it. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What is written to the terminal of a command that runs, to signal its process group. */
export type CommandSignal = 'INT' | 'TERM' | 'KILL';

/**
 * The shell at the head of a command. It leads a session of its own (`setsid`), so that a signal reaches all that the
 * command starts, and has a watcher beside the command: that one reads signals from the terminal, and kills all once the
 * terminal is gone, as the kernel hangs up only what is in the terminal's own session.
 *
 * Its arguments are the command line, the folder and how to signal; 4 takes what it reports, 8 is the terminal's input.
 * The command runs in its foreground, as a background job would ignore SIGINT.
 */
const head = [
  "trap : INT TERM;{ trap '' HUP INT TERM;",
  // Without setsid there is no group: it is the processes below this one, but for the watcher; stopped, they start no others.
  'read -r me _ </proc/self/stat;',
  't()(for p in /proc/[0-9]*/status;do while read -r k v _;do case $k in PPid:)[ $v = $2 ]&&{ ',
  'i=${p%/*};i=${i#/proc/};[ $i = $me ]||{ kill -STOP $i;t $1 $i;kill -$1 $i;kill -CONT $i;};};break;;esac;done <$p;done);',
  's(){ if [ "$1" = g ];then kill -$2 -$$;else t $2 $$;fi;};',
  'while IFS= read -r l;do case $l in INT|TERM|KILL)s "$3" $l;;esac;done;s "$3" KILL;kill -KILL $$;',
  '} <&8 >/dev/null 2>&1 4>&- 9>&- &',
  'printf \'k%s \' $! >&4;[ -z "$2" ]||cd -- "$2"||exit 1;',
  // Some shells tell which signal ended a command; that is not among its own errors.
  'exec 5>&2 2>/dev/null;(exec /bin/sh -c "$1" 2>&5 5>&- 4>&- 8<&- 9>&-);exit $?',
].join('');

/** Stands for a checksum where the image has no tool for one. */
export const uncheckedSum = '-';

/** The agent's own terminal, for a program to open. */
const terminal = '/proc/self/fd/9';

/** Where the output of a command goes. */
export interface CommandOutput {
  /** The path of the terminal that its errors go to; they stay with its output where that is empty. */
  readonly errorTerminal: string;
  /** What the output is added up with on its way, if there is a tool. */
  readonly tool: ChecksumTool | undefined;
}

/**
 * Source for the agent that runs a command: its output goes to the agent's own terminal, its errors to another one. The
 * answer is `kPID xCODE` and a line with the checksum of either stream.
 * @throws {TypeError} when the name of a variable is none.
 */
export function commandSource(
  { line, cwd = '', env = {} }: ShellCommand,
  { errorTerminal, tool }: CommandOutput,
): string {
  const variables = Object.entries(env).map(([name, value]) => `${variableName(name)}=${quote(value)} `);
  const launch = `${variables.join('')}$_g /bin/sh -c ${quote(head)} sh ${quote(line)} ${quote(cwd)} "\${_g:+g}"`;
  const errors = errorTerminal === '' ? terminal : errorTerminal;
  const pipeline =
    `{ { { (${launch}) 2>&3 3>&-;printf 'x%s ' $? >&4;}|${passOn(terminal, tool)} 3>&-;} 3>&1|` +
    `${passOn(errors, tool)};} 4>&1`;
  return [
    `{ _o=$({ ${pipeline};} 8<&0 </dev/null 2>/dev/null);_c=0;} 9>&1;`,
    // What the command left running keeps its watcher until the output has ended.
    '_s=${_o#*k};[ "$_s" = "$_o" ]||kill -KILL "${_s%%[!0-9]*}" 2>/dev/null',
  ].join('');
}

/**
 * Source for the agent that runs a script of our own for its raw output. The answer is what it printed as errors, `xCODE`
 * and a line with the checksum.
 */
export function readSource(script: string, tool: ChecksumTool | undefined): string {
  return captured(`{ { { ${script};} 2>&4;printf 'x%s ' $? >&4;}|${passOn(terminal, tool)};} 4>&1`);
}

/** Passes a stream on to a terminal, and reports its checksum, or only that all of it was passed on. */
function passOn(path: string, tool: ChecksumTool | undefined): string {
  return tool === undefined
    ? `{ cat 4>&- >${path}&&echo ${uncheckedSum} >&4;}`
    : `{ tee ${path} 4>&-|${tool} >&4;}`;
}

function variableName(name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw new TypeError(`${name} is no name of an environment variable`);
  }
  return name;
}
