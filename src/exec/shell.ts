import type { ExecEndpoint } from '../azure/resourceManager.ts';
import { hideSecret, type ExecCommand } from './command.ts';
import { ExecSession, type SessionEnd, type SessionEvents, type SessionOptions } from './session.ts';

/** How long the report of a missing command is held back while its socket closes, in milliseconds. */
const closeWaitMs = 3_000;

/** The longest report of a missing command; the service's own are about 200 characters. */
const maxReport = 2_000;

/** What came of a list of commands tried in turn. */
export type ShellEnd =
  | SessionEnd
  /** None of the commands is in the image; `report` is the service's last word. */
  | { readonly kind: 'missing'; readonly commands: readonly ExecCommand[]; readonly report: string };

export interface ShellEvents extends SessionEvents {
  /** The first output of a command that runs: it is in the image. */
  onStarted(command: ExecCommand): void;
}

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
export class Shell {
  private readonly events: ShellEvents;
  private readonly options: SessionOptions;
  private session: ExecSession | undefined;
  /** Typed text that no running command has taken yet: it goes to the next one tried. */
  private untaken = '';
  private started = false;

  constructor(events: ShellEvents, options: SessionOptions) {
    this.events = events;
    this.options = options;
  }

  write(text: string): void {
    if (!this.started) {
      this.untaken += text;
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

  /**
   * Runs the first of `commands` that is in the image, to its end.
   * @throws {AzureError} when a session does not open.
   */
  async run(
    commands: readonly ExecCommand[],
    start: (command: ExecCommand) => Promise<ExecEndpoint>,
  ): Promise<ShellEnd> {
    let report = '';
    for (const command of commands) {
      const output = new ReportFilter(command, (text) => {
        if (!this.started) {
          this.started = true;
          this.untaken = '';
          this.events.onStarted(command);
        }
        this.events.onOutput(text);
      });
      const session = new ExecSession(
        {
          onOpen: () => this.events.onOpen(),
          onOutput: (text) => output.write(text),
          onProbe: (probe) => this.events.onProbe(probe),
        },
        this.options,
      );
      session.write(this.untaken);
      this.session = session;
      try {
        const end = await session.run(await start(command));
        if (end.kind === 'cancelled' || !reportsMissingCommand(output.held)) {
          output.release();
          return end;
        }
        report = output.held.trim();
      } finally {
        output.dispose();
        this.session = undefined;
      }
    }
    return { kind: 'missing', commands, report };
  }
}

/** Lets output through at once, but for a start that looks like the report of a missing command. */
class ReportFilter {
  private text = '';
  private holding = true;
  private timer: NodeJS.Timeout | undefined;
  private readonly command: ExecCommand;
  private readonly onText: (text: string) => void;

  constructor(command: ExecCommand, onText: (text: string) => void) {
    this.command = command;
    this.onText = onText;
  }

  /** What may be the report. It can repeat the command, so the secret is taken out. */
  get held(): string {
    return hideSecret(this.text, this.command);
  }

  write(text: string): void {
    if (!this.holding) {
      this.onText(text);
      return;
    }
    this.text += text;
    if (!looksLikeReport(this.text)) {
      this.release(this.text);
    } else if (this.text.length > maxReport) {
      this.release();
    } else {
      this.timer ??= setTimeout(() => this.release(), closeWaitMs);
    }
  }

  release(text = this.held): void {
    this.dispose();
    this.holding = false;
    this.text = '';
    if (text !== '') {
      this.onText(text);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
