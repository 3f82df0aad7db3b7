import { captured } from '../exec/remoteShell/agent.ts';
import type { ChecksumTool } from '../exec/remoteShell/checksum.ts';
import { relayCommand, type RelayTools } from './relayTool.ts';

/**
 * The relay is what the agent of a remote shell runs to join its terminal with a port of the container.
 *
 * **Up**, each frame is a line of printable ASCII, sent twice: `aTOKEN:NUMBER:WORK` and the same with a b in front. The relay
 * does the work if both are equal and the number is the next one: `d` and a format of `printf` is data, `b` and a number
 * announces that many characters of base64, `e` is the client's end. It reports the number that it waits for after each
 * pair, so that what was lost or changed is sent again. The checksum of a block comes with its report.
 *
 * **Down**, the data is raw, with marks between: the byte 1, the token, and a {@link marks} with its text, twice. The server's
 * end comes with the checksum of all data. Nobody else knows the token, so nobody's data is taken for a frame or a mark.
 */
export interface RelayOptions extends RelayTools {
  readonly port: number;
  readonly token: string;
  readonly checksumTool: ChecksumTool | undefined;
}

/** What follows the token of a mark. */
export const marks = {
  /** The relay takes frames. */
  started: 's',
  /** The connection was refused, or reset. */
  failed: 'f',
  /** `NUMBER:CHECKSUM`: the frame that is waited for, after one that checked. */
  accepted: 'a',
  /** The same after one that did not. */
  refused: 'r',
  /** The server's end and the checksum of its data. */
  ended: 'e',
} as const;

/** The byte that a mark starts with. */
export const markByte = 0x01;

/** Between the two copies of a mark's text, and after them. */
export const [markMiddle, markEnd] = ['/', ';'] as const;

/** Stands for a checksum where the image has no tool for one. */
export const noSum = '-';

/** Source for the agent that runs a relay until both directions have ended. */
export function relaySource(options: RelayOptions): string {
  const { tool, port, token } = options;
  const failed = `_m=$(printf '${mark(token, marks.failed)}${markMiddle}${markEnd}');`;
  return captured(`${failed}${up(options)}|${relayCommand(tool, port)}|${down(options)}`);
}

function mark(token: string, kind: string): string {
  return String.raw`\001${token}${kind}`;
}

/** Writes a mark with a text twice. */
function say(token: string, kind: string, text: string): string {
  return `printf '${mark(token, kind)}%s${markMiddle}%s${markEnd}' "${text}" "${text}" >&9`;
}

/** Reads frames from the terminal and writes their data. It goes on reading when nobody takes that any more. */
function up({ token, checksumTool, takesBlocks }: RelayOptions): string {
  const decode = 'head -c "${_l#b}"|base64 -d';
  const block =
    checksumTool === undefined
      ? `${decode} >&7`
      : `_s=$({ ${decode}|tee /proc/self/fd/6 >&7;} 6>&1|${checksumTool});_s=\${_s%% *}`;
  return [
    "{ trap '' PIPE;exec 7>&1;_n=1;_a=;_s=;_x=;",
    `${say(token, marks.started, '')};`,
    'while [ -z "$_x" ]&&IFS= read -r _l;do case $_l in ',
    `a${token}:*)_a=$_l;;`,
    `b${token}:*)if [ "b\${_a#a}" = "$_l" ];then _l=\${_l#*:};`,
    'if [ "${_l%%:*}" = $_n ];then _n=$((_n+1));_s=;_l=${_l#*:};case $_l in ',
    'd*)printf "${_l#d}" >&7;;',
    takesBlocks ? `b*)${block};;` : '',
    'e*)_x=1;;esac;fi;',
    `${say(token, marks.accepted, '$_n:$_s')};else ${say(token, marks.refused, '$_n:$_s')};fi;;`,
    'esac;done;} <&8',
  ].join('');
}

/** Passes the server's data on to the terminal. */
function down({ token, checksumTool }: RelayOptions): string {
  const pass =
    checksumTool === undefined
      ? `cat >&9;_s=${noSum}`
      : `_s=$(tee /proc/self/fd/9|${checksumTool});_s=\${_s%% *}`;
  const end = say(token, marks.ended, '$_s');
  return `{ ${pass};${end};${end};}`; // nothing would ask for it again
}
