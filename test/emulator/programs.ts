import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pty from 'node-pty';
import type { GroupRecord } from './containerGroups.ts';
import type { ExecRequest } from './execSessions.ts';
import { firehoseText } from './firehose.ts';
import { WindowsConsole } from './windowsConsole.ts';

/** What runs at the far end of an exec session. */
export interface Program {
  input(data: Buffer): void;
  /** Output stops until {@link resume}: the network takes no more. */
  pause(): void;
  resume(): void;
  kill(): void;
}

export interface ProgramEvents {
  onOutput(data: Buffer): void;
  onExit(): void;
}

/** The argv of a command as the service reads it: web-form decoding, then a split at spaces, no quoting. */
export function argvOf(command: string): readonly string[] {
  const decoded = decodeURIComponent(command.replaceAll('+', ' ').replace(/%(?![0-9a-f]{2})/gi, '%25'));
  return decoded.split(' ').filter((part) => part !== '');
}

/** Starts a session's command in its container. */
export function startProgram(
  group: GroupRecord,
  containerName: string,
  request: ExecRequest,
  events: ProgramEvents,
): Program {
  const container = group.containers.find(({ spec }) => spec.name === containerName);
  const [file = '', ...args] = argvOf(request.command);
  if (container?.current.state !== 'Running') {
    return endedProgram('', events);
  }
  if (file === 'firehose') {
    return firehose(Number(args[0]), Number(args[1] ?? 1), events);
  }
  if (group.spec.osType === 'Windows') {
    return startWindows(file, events);
  }
  const { commands } = container.spec;
  const missing = commands !== undefined && !commands.includes(file);
  const executable = missing ? undefined : findExecutable(file);
  return executable === undefined
    ? endedProgram(missingText(file), events)
    : new PtyProgram(executable, args, request, events);
}

function startWindows(file: string, events: ProgramEvents): Program {
  if (/^(cmd|cmd\.exe)$/i.test(file)) {
    return new WindowsConsole(events);
  }
  // PowerShell ends at once and says nothing (azure-cli#20827).
  return endedProgram(
    /^powershell(\.exe)?$/i.test(file)
      ? ''
      : `container failed: hcsshim::System::CreateProcess ${file}: The system cannot find the file specified. (0x2)\r\n`,
    events,
  );
}

/** The words of azure-cli#8687; what today's backend says is not recorded anywhere. */
function missingText(file: string): string {
  return `rpc error: code = 2 desc = oci runtime error: exec failed: container_linux.go:247: starting container process caused "exec: \\"${file}\\": executable file not found in $PATH"\r\n`;
}

function findExecutable(file: string): string | undefined {
  const candidates = file.includes('/')
    ? [file]
    : ['/bin', '/usr/bin', '/usr/local/bin'].map((dir) => path.join(dir, file));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false; // accessSync tells "no" by throwing
    }
  });
}

/** A program that says one thing, if any, and ends. */
function endedProgram(text: string, events: ProgramEvents): Program {
  const timer = setImmediate(() => {
    if (text !== '') {
      events.onOutput(Buffer.from(text));
    }
    events.onExit();
  });
  return { input: nothing, pause: nothing, resume: nothing, kill: () => clearImmediate(timer) };
}

function nothing(): void {
  // a program that takes no input and has no output to pause
}

/** Sends text as fast as the socket takes it, with no PTY in the way. */
function firehose(bytes: number, seed: number, events: ProgramEvents): Program {
  const text = firehoseText(bytes, seed);
  const step = 64 * 1024;
  let position = 0;
  let paused = false;
  let timer: NodeJS.Immediate | undefined;
  const next = () => {
    if (position >= text.length) {
      events.onExit();
      return;
    }
    events.onOutput(text.subarray(position, (position += step)));
    if (!paused) {
      timer = setImmediate(next);
    }
  };
  timer = setImmediate(next);
  return {
    input: nothing,
    pause: () => {
      paused = true;
      clearImmediate(timer);
    },
    resume: () => {
      if (paused) {
        paused = false;
        timer = setImmediate(next);
      }
    },
    kill: () => clearImmediate(timer),
  };
}

/** A real program in a real PTY, in a home of its own and with none of this process's environment. */
class PtyProgram implements Program {
  private readonly process: pty.IPty;
  private readonly home: string;
  private ended = false;

  constructor(file: string, args: readonly string[], request: ExecRequest, events: ProgramEvents) {
    this.home = mkdtempSync(path.join(os.tmpdir(), 'container-'));
    writeFileSync(
      path.join(this.home, '.bashrc'),
      String.raw`PS1='\[\e]0;\w\a\]root@SandboxHost-638000000000000000:\w# '` + '\n',
    );
    this.process = pty.spawn(file, [...args], {
      name: 'xterm-256color',
      cols: request.cols,
      rows: request.rows,
      cwd: this.home,
      encoding: null,
      env: {
        HOME: this.home,
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        HOSTNAME: 'SandboxHost-638000000000000000',
        PS1: '/ # ',
      },
    });
    // With no encoding the data is a Buffer, whatever the declared type says.
    this.process.onData((data) => events.onOutput(data as unknown as Buffer));
    this.process.onExit(() => {
      this.ended = true;
      rmSync(this.home, { recursive: true, force: true });
      events.onExit();
    });
  }

  input(data: Buffer): void {
    this.process.write(data);
  }

  pause(): void {
    this.process.pause();
  }

  resume(): void {
    this.process.resume();
  }

  kill(): void {
    if (!this.ended) {
      this.process.kill('SIGHUP');
    }
  }
}
