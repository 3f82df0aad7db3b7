import type * as vscode from 'vscode';
import type { RequestTrace } from '../azure/resourceManager/pipeline.ts';
import { redact } from '../base/redact.ts';

/** The part of VS Code's log channel that is written to. */
export type LogChannel = Pick<vscode.LogOutputChannel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>;

/** The extension's log, in English. Nothing reaches it that is not redacted. */
export class Log {
  private readonly channel: LogChannel;

  constructor(channel: LogChannel) {
    this.channel = channel;
  }

  debug(text: string): void {
    this.channel.debug(redact(text));
  }

  info(text: string): void {
    this.channel.info(redact(text));
  }

  /** Something that the user can do without. */
  warn(what: string, error: unknown): void {
    this.channel.warn(redact(`${what}: ${describe(error)}`));
  }

  /** Something that the user has asked for and does not get. */
  error(what: string, error: unknown): void {
    this.channel.error(redact(`${what}: ${describe(error)}`));
  }

  /** One request to Azure, on one line. */
  request({ method, path, status, tookMs, correlationId }: RequestTrace): void {
    const answer = status === undefined ? 'no answer' : String(status);
    this.channel.trace(
      redact(`${method} ${path} ${answer} ${tookMs.toFixed(0)} ms ${correlationId ?? 'no correlation id'}`),
    );
  }
}

/** An error with its stack, and so each of its causes. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const own = error.stack?.includes(error.message) === true ? error.stack : `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}\nCaused by: ${describe(error.cause)}`;
}
