import { readdirSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import pty from 'node-pty';
import type { ContainerRecord, GroupRecord } from './containerGroups.ts';
import type { ExecRequest } from './execSessions.ts';
import { findExecutable } from './executables.ts';
import { firehoseText } from './firehose.ts';
import { enterRoot } from './rootFolders.ts';
import { hostName, type Sandbox } from './sandboxes.ts';
import { WindowsConsole } from './windowsConsole.ts';

/** What runs at the far end of an exec session. */
export interface Program {
  input(data: Buffer): void;
  /** Output stops until {@link resume}: the network takes no more. */
  pause(): void;
  resume(): void;
  /** Ends it, with all that it started; resolves when it is gone. */
  kill(): Promise<void>;
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

/** Starts a session's command in its running container. */
export function startProgram(
  group: GroupRecord,
  container: ContainerRecord,
  { home, root }: Sandbox,
  request: ExecRequest,
  events: ProgramEvents,
): Program {
  const [file = '', ...args] = argvOf(request.command);
  if (file === 'firehose') {
    return firehose(Number(args[0]), Number(args[1] ?? 1), events);
  }
  if (group.spec.osType === 'Windows') {
    return startWindows(file, events);
  }
  const { commands, environmentVariables = [] } = container.spec;
  const missing = commands !== undefined && !commands.includes(file);
  const executable = missing ? undefined : findExecutable(file, root);
  if (executable === undefined) {
    return endedProgram(missingText(file), events);
  }
  return root === undefined
    ? new PtyProgram([executable, ...args], home, home, environmentVariables, request, events)
    : new PtyProgram(
        [...enterRoot(root), executable, ...args],
        '/',
        home,
        environmentVariables,
        request,
        events,
      );
}

/** What attach shows: the log from its start, then each new line, until the container ends. */
export function followLog(container: ContainerRecord, events: ProgramEvents): Program {
  let shown = 0;
  const show = () => {
    const { texts, written } = container.log.after(shown);
    shown = written;
    if (texts.length > 0) {
      events.onOutput(Buffer.from(texts.map((text) => `${text}\n`).join('')));
    }
    if (container.current.state !== 'Running') {
      clearInterval(timer);
      events.onExit();
    }
  };
  const timer = setInterval(show, 50);
  const first = setImmediate(show);
  return {
    ...silent,
    kill: () => {
      clearInterval(timer);
      clearImmediate(first);
      return Promise.resolve();
    },
  };
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

/** A program that says one thing, if any, and ends. */
function endedProgram(text: string, events: ProgramEvents): Program {
  const timer = setImmediate(() => {
    if (text !== '') {
      events.onOutput(Buffer.from(text));
    }
    events.onExit();
  });
  return {
    ...silent,
    kill: () => {
      clearImmediate(timer);
      return Promise.resolve();
    },
  };
}

/** A program that takes no input and has no output to pause. */
const silent = { input: () => undefined, pause: () => undefined, resume: () => undefined };

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
    ...silent,
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
    kill: () => {
      clearImmediate(timer);
      return Promise.resolve();
    },
  };
}

/** How long a program may take to end after its hang-up, in milliseconds. */
const hangUpMs = 300;

/** What node-pty does not tell of its terminals. */
interface UnixTerminal {
  readonly fd: number;
  /** `end` is before the descriptor is closed. */
  on(event: 'end' | 'close', listener: () => void): void;
}

/** A real program in a real PTY, in a container's home and with none of this process's environment. */
class PtyProgram implements Program {
  private readonly process: pty.IPty;
  private readonly keys: PtyInput;
  private readonly exited: Promise<void>;
  private ended = false;
  private killTimer: NodeJS.Timeout | undefined;
  private pauseTimer: NodeJS.Timeout | undefined;

  constructor(
    [file = '', ...args]: readonly string[],
    cwd: string,
    home: string,
    variables: readonly { readonly name: string; readonly value?: string }[],
    request: ExecRequest,
    events: ProgramEvents,
  ) {
    this.process = pty.spawn(file, args, {
      name: 'xterm-256color',
      cols: request.cols,
      rows: request.rows,
      cwd,
      encoding: null,
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        ...Object.fromEntries(variables.map(({ name, value = '' }) => [name, value])),
        HOME: home,
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        HOSTNAME: hostName,
        PS1: '/ # ',
      },
    });
    const terminal = this.process as unknown as UnixTerminal; // what it is here
    this.keys = new PtyInput(terminal.fd);
    terminal.on('end', () => this.keys.close());
    terminal.on('close', () => this.keys.close());
    // With no encoding the data is a Buffer, whatever the declared type says.
    this.process.onData((data) => events.onOutput(data as unknown as Buffer));
    this.exited = new Promise((resolve) => {
      this.process.onExit(() => {
        this.ended = true;
        clearTimeout(this.killTimer);
        clearInterval(this.pauseTimer);
        killSession(this.process.pid);
        events.onExit();
        resolve();
      });
    });
  }

  input(data: Buffer): void {
    this.keys.write(data);
  }

  pause(): void {
    // node-pty drops what a paused PTY still holds 200 ms after the program's end, so that end resumes it.
    if (this.pauseTimer === undefined && signal(this.process.pid, 0)) {
      this.process.pause();
      this.pauseTimer = setInterval(() => {
        if (!signal(this.process.pid, 0)) {
          this.resume();
        }
      }, 50);
    }
  }

  resume(): void {
    if (this.pauseTimer !== undefined) {
      clearInterval(this.pauseTimer);
      this.pauseTimer = undefined;
      this.process.resume();
    }
  }

  kill(): Promise<void> {
    if (!this.ended && this.killTimer === undefined) {
      this.process.kill('SIGHUP');
      this.killTimer = setTimeout(() => killSession(this.process.pid), hangUpMs);
    }
    return this.exited;
  }
}

/**
 * What is typed into a PTY. node-pty 1.2 goes on writing to the descriptor that it has closed, which may be another file's
 * by then.
 */
class PtyInput {
  private readonly fd: number;
  private readonly waiting: Buffer[] = [];
  private timer: NodeJS.Immediate | undefined;
  private isClosed = false;

  constructor(fd: number) {
    this.fd = fd;
  }

  write(data: Buffer): void {
    if (!this.isClosed) {
      this.waiting.push(data);
      this.timer ??= setImmediate(() => this.pass());
    }
  }

  close(): void {
    this.isClosed = true;
    this.waiting.length = 0;
    clearImmediate(this.timer);
  }

  /** As much as the terminal takes at once. */
  private pass(): void {
    this.timer = undefined;
    const [data] = this.waiting;
    if (data === undefined) {
      return;
    }
    const written = this.passSome(data);
    if (written === data.length) {
      this.waiting.shift();
    } else if (this.waiting.length > 0) {
      this.waiting[0] = data.subarray(written);
    }
    if (this.waiting.length > 0) {
      this.timer = setImmediate(() => this.pass());
    }
  }

  private passSome(data: Buffer): number {
    try {
      return writeSync(this.fd, data);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException; // the system's
      if (code === 'EIO' || code === 'EBADF') {
        this.close(); // nobody reads any more
      } else if (code !== 'EAGAIN') {
        throw error;
      }
      return 0;
    }
  }
}

/** Whether there was such a process; 0 only asks. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false; // kill tells "no such process" by throwing, and it may have ended just now
  }
}

/** Kills what is left of a terminal session: background jobs survive their shell's hang-up. */
function killSession(sessionId: number): void {
  for (const pid of [sessionId, ...sessionMembers(sessionId)]) {
    signal(pid, 'SIGKILL');
  }
}

/** The processes of a session, where the system has /proc. */
function sessionMembers(sessionId: number): readonly number[] {
  return processIds().filter((pid) => {
    try {
      // After the name in brackets: state, parent, process group, session.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return Number(fields[3]) === sessionId;
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

/** A process of a container. */
export interface ContainerProcess {
  readonly pid: number;
  readonly command: string;
}

/** The processes whose file system has this folder as its root. */
export function processesIn(root: string): readonly ContainerProcess[] {
  return processIds().flatMap((pid) => {
    try {
      const isInside = readlinkSync(`/proc/${pid}/root`) === root;
      const command = isInside
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        : '';
      return isInside ? [{ pid, command }] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}

function processIds(): readonly number[] {
  return process.platform === 'linux'
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
    : [];
}
