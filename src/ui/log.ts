import type * as vscode from 'vscode';
import type { RequestTrace } from '../azure/resourceManager/pipeline.ts';
import { redact, shorten } from '../base/redact.ts';

/** The part of VS Code's log channel that is written to. */
export type LogChannel = Pick<vscode.LogOutputChannel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>;

/** The entries that are kept, whatever the channel's level, and the most of one of them, in characters. */
const entriesKept = 200;
const maxKept = 2_000;

/** The extension's log, in English. Nothing reaches it that is not redacted. */
export class Log {
  private readonly channel: LogChannel;
  private kept: readonly string[] = [];

  constructor(channel: LogChannel) {
    this.channel = channel;
  }

  /** The last entries, oldest first. */
  get recent(): readonly string[] {
    return this.kept;
  }

  debug(text: string): void {
    this.write('debug', text);
  }

  info(text: string): void {
    this.write('info', text);
  }

  /** Something that the user can do without. */
  warn(what: string, error: unknown): void {
    this.write('warn', `${what}: ${describe(error)}`);
  }

  /** Something that the user has asked for and does not get. */
  error(what: string, error: unknown): void {
    this.write('error', `${what}: ${describe(error)}`);
  }

  /** One request to Azure, on one line. */
  request({ method, path, status, tookMs, correlationId }: RequestTrace): void {
    const answer = status === undefined ? 'no answer' : String(status);
    this.write(
      'trace',
      `${method} ${path} ${answer} ${tookMs.toFixed(0)} ms ${correlationId ?? 'no correlation id'}`,
    );
  }

  private write(level: keyof LogChannel, text: string): void {
    const redacted = redact(text);
    this.channel[level](redacted);
    const entry = `${new Date().toISOString()} [${level}] ${shorten(redacted, maxKept)}`;
    this.kept = [...this.kept, entry].slice(-entriesKept);
  }
}

/** More causes than any real error has. */
const mostCauses = 5;

/** An error with its stack, and each of its causes likewise. */
function describe(error: unknown): string {
  const parts: string[] = [];
  for (let next = error; next !== undefined && parts.length < mostCauses;) {
    parts.push(stackOf(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return parts.join('\nCaused by: ');
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return typeof error === 'string' ? error : `something thrown that is no error (${typeof error})`;
  }
  const { name, message, stack = '' } = error;
  // A stack begins with the name and message that the error was made with; those may have been set later.
  const frames = stack.slice(Math.max(0, stack.indexOf('\n    at ')));
  return `${name}: ${message}${frames.startsWith('\n') ? frames : ''}`;
}
