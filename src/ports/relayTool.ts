import type { RemoteEngine } from '../exec/remoteShell/remoteEngine.ts';
import { quote } from '../exec/remoteShell/quote.ts';
import { NoRelayTool } from './errors.ts';

/** What joins its input and output with a port, best one first. */
const relayTools = ['perl', 'python3', 'nc', 'bash', 'socat'] as const;

export type RelayTool = (typeof relayTools)[number];

/** What an image has for connections to its ports. */
export interface RelayTools {
  readonly tool: RelayTool;
  /** Whether large amounts can be sent in blocks of base64. */
  readonly takesBlocks: boolean;
}

/** Whether the tool tells the server that the client has ended, and still hands over what the server sends. */
export function passesEnd(tool: RelayTool): boolean {
  // The shell cannot close one direction of a socket; socat would end soon after, with what the server still sends.
  return tool !== 'bash' && tool !== 'socat';
}

/** Shell commands that succeed where a tool is there and knows what is needed of it. */
const probes: Readonly<Record<RelayTool, string>> = {
  perl: 'perl -MSocket -e 1',
  python3: "python3 -I -S -c 'import socket,threading'",
  // Of other netcats some keep the server's end to themselves, some the client's.
  nc: 'case $(nc --help 2>&1) in *BusyBox*);;*)false;;esac',
  // Only a bash that knows no /dev/tcp looks for such a file.
  bash: "case $(LC_ALL=C bash -c '</dev/tcp/127.0.0.1/1' 2>&1) in *such\\ file*|*not\\ found*)false;;esac",
  socat: 'socat -V',
};

/**
 * Looks what an image has for connections to its ports.
 * @throws {NoRelayTool} when it has nothing, and what {@link RemoteEngine.script} throws.
 */
export async function findRelayTools(engine: RemoteEngine, signal: AbortSignal): Promise<RelayTools> {
  const found = relayTools.map((tool) => `{ ${probes[tool]};} >/dev/null 2>&1&&echo ${tool}`).join('||');
  // bash reads ahead from a terminal, so what comes after a line is lost for others.
  const source = `{ ${found};};[ -z "$BASH_VERSION" ]&&command -v head&&command -v base64&&echo blocks`;
  const { text } = await engine.script(source, { signal, isRepeatable: true });
  const lines = text.toString().split('\n');
  const tool = relayTools.find((name) => lines.includes(name));
  if (tool === undefined) {
    throw new NoRelayTool(relayTools);
  }
  return { tool, takesBlocks: lines.includes('blocks') };
}

/** Each direction has a process of its own. The mark tells of a connection that was refused or reset. */
const perlProgram = [
  'use Socket;my($p,$m)=@ARGV;open T,">&=9";sub f{syswrite T,$m;exit 1}$SIG{PIPE}="IGNORE";',
  'socket(S,PF_INET,SOCK_STREAM,0)&&connect(S,pack_sockaddr_in($p,INADDR_LOOPBACK))or f;',
  'setsockopt S,6,1,1;',
  'sub c{my($i,$o)=@_;my($b,$n,$w);while($n=sysread $i,$b,65536){',
  'for(my $a=0;$a<$n;$a+=$w){$w=syswrite($o,$b,$n-$a,$a)or return 0}}defined $n}',
  'if(fork){close STDOUT;c(*STDIN,*S);shutdown S,1;wait}',
  'else{close STDIN;c(*S,*STDOUT)or do{syswrite T,$m;kill 9,getppid}}',
].join('');

const pythonProgram = `
import os,socket,sys,threading
def fail():
    os.write(9,os.fsencode(sys.argv[2]))
    os._exit(1)
s=socket.socket()
try:
    s.connect(("127.0.0.1",int(sys.argv[1])))
    s.setsockopt(6,1,1)
except OSError:
    fail()
def up():
    try:
        while True:
            data=os.read(0,65536)
            if not data:
                break
            s.sendall(data)
        s.shutdown(1)
    except OSError:
        pass
t=threading.Thread(target=up,daemon=True)
t.start()
try:
    while True:
        data=s.recv(65536)
        if not data:
            break
        while data:
            data=data[os.write(1,data):]
except OSError:
    fail()
os.close(1)
t.join()
`.trim();

/**
 * A command that joins its input and output with a port of the container's loopback address. `$_m` is what it writes to
 * the terminal, as file descriptor 9, when the connection is refused or reset.
 */
export function relayCommand(tool: RelayTool, port: number): string {
  switch (tool) {
    case 'perl':
      return `perl -e ${quote(perlProgram)} ${port} "$_m"`;
    case 'python3':
      return `python3 -I -S -c ${quote(pythonProgram)} ${port} "$_m"`;
    case 'bash':
      return `bash -c ${quote(
        `exec 3<>/dev/tcp/127.0.0.1/${port}||{ printf %s "$1" >&9;exit;};` +
          '{ cat <&3||printf %s "$1" >&9;} & exec >&-;cat >&3;exec 3>&-;wait',
      )} bash "$_m"`;
    case 'nc':
      return `{ nc 127.0.0.1 ${port}||printf %s "$_m" >&9;}`;
    case 'socat':
      return `{ socat -t 0.1 - TCP:127.0.0.1:${port},nodelay||printf %s "$_m" >&9;}`;
  }
}
