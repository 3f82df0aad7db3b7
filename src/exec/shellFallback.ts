import { AzureError } from '../azure/errors.ts';
import type { ExecEndpoint } from '../azure/resourceManager/containerOperations.ts';
import { Emitter } from '../base/emitter.ts';
import { hideSecret, type CommandLine } from './commandLine.ts';
import { ExecSession, type SessionEnd, type SessionOptions, type SessionState } from './session.ts';
import { startMark } from './shellIntegration.ts';

/** The longest that the report of a missing command is held back while its socket closes, in milliseconds. */
const closeWaitMs = 3_000;

/** The longest report of a missing command, in characters; the service's own are about 200. */
const maxReport = 2_000;

/** What came of a list of commands tried in turn. */
export type FallbackEnd =
  | SessionEnd
  /** None of the commands is in the image; `report` is the service's last word. */
  | { readonly kind: 'missing'; readonly commands: readonly CommandLine[]; readonly report: string };

/** What came of one command. */
type Outcome =
  | { readonly kind: 'ran'; readonly end: SessionEnd }
  | { readonly kind: 'missing'; readonly report: string }
  /** The line that adds shell integration did not come as far as the shell; `reason` is for the log. */
  | { readonly kind: 'notIntegrated'; readonly reason: string };

/** Commands in the order to try: the one that worked last for this image first. */
export function shellCandidates(
  configured: readonly string[],
  remembered: string | undefined,
): readonly string[] {
  return remembered !== undefined && configured.includes(remembered)
    ? [remembered, ...configured.filter((command) => command !== remembered)]
    : configured;
}

/**
 * Whether terminal text is the service's report that a command is not in the image.
 * The POST answers 200 for it; the report comes as terminal text and the socket closes (azure-cli#8687).
 */
export function reportsMissingCommand(text: string): boolean {
  return (
    looksLikeReport(text) &&
    /executable file not found|no such file or directory|cannot find the file specified/i.test(text)
  );
}

/** Whether text could be the start of such a report, so that it is worth holding back. */
function looksLikeReport(text: string): boolean {
  const start = text.trimStart().slice(0, 40).toLowerCase();
  return [
    'rpc error',
    'oci runtime',
    'container_linux',
    'error',
    'failed',
    'exec failed',
    'hcsshim',
    'container ',
  ].some((prefix) => start.startsWith(prefix) || (start !== '' && prefix.startsWith(start)));
}

/** Tries commands in turn, each in an exec session of its own, until one is in the image. */
export class ShellFallback {
  private readonly options: SessionOptions;
  private readonly data = new Emitter<Uint8Array>();
  private readonly stateChanged = new Emitter<SessionState>();
  private readonly started = new Emitter<CommandLine>();
  private readonly integrationFailed = new Emitter<string>();
  private session: ExecSession | undefined;
  /** What was typed before any command is known to run: each one that is tried gets it. */
  private earlyKeys = '';
  private hasStarted = false;
  private integrated = false;

  /** Terminal output of the command that runs, cut anywhere. */
  readonly onData = this.data.event;
  /** The states of one session after the other. */
  readonly onDidChangeState = this.stateChanged.event;
  /** Before the first output of a command that runs: it is in the image. */
  readonly onDidStart = this.started.event;
  /** A line that adds shell integration has failed, for a reason for the log; the command follows without. */
  readonly onIntegrationFailed = this.integrationFailed.event;

  constructor(options: SessionOptions) {
    this.options = options;
  }

  write(text: string): void {
    if (!this.hasStarted) {
      this.earlyKeys += text;
    }
    this.session?.write(text);
  }

  /** Reads no further output until `resume`. */
  pause(): void {
    this.session?.pause();
  }

  resume(): void {
    this.session?.resume();
  }

  /** Whether what runs, or ran last, came with shell integration. */
  get isIntegrated(): boolean {
    return this.integrated;
  }

  /**
   * Runs the first of `commands` that is in the image, to its end. Where `integrate` gives a line that adds shell
   * integration, that line is sent; should it fail, the command's own follows.
   * @throws {AzureError} when a session does not open.
   */
  async run(
    commands: readonly CommandLine[],
    request: (command: CommandLine) => Promise<ExecEndpoint>,
    integrate: (command: CommandLine) => string | undefined = () => undefined,
  ): Promise<FallbackEnd> {
    let report = '';
    for (const command of commands) {
      const line = integrate(command);
      let outcome = await this.runOne(
        { ...command, line: line ?? command.line },
        line !== undefined,
        request,
      );
      if (outcome.kind === 'notIntegrated') {
        this.integrationFailed.fire(outcome.reason);
        outcome = await this.runOne(command, false, request);
      }
      if (outcome.kind === 'ran') {
        return outcome.end;
      }
      report = outcome.kind === 'missing' ? outcome.report : '';
    }
    return { kind: 'missing', commands, report };
  }

  private async runOne(
    command: CommandLine,
    isIntegrated: boolean,
    request: (command: CommandLine) => Promise<ExecEndpoint>,
  ): Promise<Outcome> {
    const output = new StartFilter(command, isIntegrated ? startMark : undefined, (data) => {
      if (!this.hasStarted) {
        this.hasStarted = true;
        this.integrated = output.hasMark;
        this.earlyKeys = '';
        this.started.fire(command);
      }
      this.data.fire(data);
    });
    const session = new ExecSession(this.options);
    session.onData((data) => output.write(data));
    session.onDidChangeState((state) => {
      if (state === 'open' && this.earlyKeys !== '') {
        session.write(this.earlyKeys);
      }
      this.stateChanged.fire(state);
    });
    this.session = session;
    try {
      const end = await session.run(() => request(command));
      const { held } = output;
      if (end.kind !== 'cancelled' && reportsMissingCommand(held)) {
        return { kind: 'missing', report: held.trim() };
      }
      if (end.kind === 'closed' && isIntegrated && held !== '') {
        return { kind: 'notIntegrated', reason: held.trim() };
      }
      output.release();
      return { kind: 'ran', end };
    } catch (error) {
      if (isIntegrated && error instanceof AzureError && refusesCommand(error)) {
        return { kind: 'notIntegrated', reason: error.message };
      }
      throw error;
    } finally {
      output.dispose();
      this.session = undefined;
    }
  }
}

/** Whether Azure's answer to the request may be about the command that it holds. */
function refusesCommand({ problem }: AzureError): boolean {
  return problem.kind === 'service' && /^(?:BadRequest|Invalid\w*)$/i.test(problem.code);
}

/**
 * Lets output through at once, but for a start that looks like the report of a missing command. Where a mark is
 * expected, it lets through what begins with it: what comes before is not the shell's.
 */
class StartFilter {
  private data: Buffer = Buffer.alloc(0);
  private holding = true;
  private timer: NodeJS.Timeout | undefined;
  private readonly command: CommandLine;
  private readonly mark: string | undefined;
  private readonly onData: (data: Uint8Array) => void;
  /** Whether the mark has come. */
  hasMark = false;

  constructor(command: CommandLine, mark: string | undefined, onData: (data: Uint8Array) => void) {
    this.command = command;
    this.mark = mark;
    this.onData = onData;
  }

  /** What may be the report. It can repeat the command, so the secret is taken out. */
  get held(): string {
    return hideSecret(this.data.toString(), this.command);
  }

  write(data: Buffer): void {
    if (!this.holding) {
      this.onData(data);
      return;
    }
    this.data = Buffer.concat([this.data, data]);
    const markAt = this.mark === undefined ? -1 : this.data.indexOf(this.mark);
    if (markAt >= 0) {
      this.hasMark = true;
      this.data = this.data.subarray(markAt);
    }
    const mayBeReport = this.mark !== undefined || looksLikeReport(this.data.toString());
    if (this.hasMark || this.data.length > maxReport || !mayBeReport) {
      this.release();
    } else {
      this.timer ??= setTimeout(() => this.release(), closeWaitMs);
    }
  }

  release(): void {
    const { data } = this;
    // What is longer than any report is a program's own output.
    const held = data.length > maxReport ? undefined : this.held;
    this.dispose();
    this.holding = false;
    this.data = Buffer.alloc(0);
    if (data.length > 0) {
      // Bytes stay as they are, as a character may be cut at their end.
      this.onData(held === undefined || held === data.toString() ? data : Buffer.from(held));
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
