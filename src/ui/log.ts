import type * as vscode from 'vscode';
import { redact } from '../azure/errors.ts';

/** The part of VS Code's log channel that is written to. */
export type LogChannel = Pick<vscode.LogOutputChannel, 'info' | 'error'>;

/** The extension's log. Nothing reaches it that is not redacted. */
export class Log {
  private readonly channel: LogChannel;

  constructor(channel: LogChannel) {
    this.channel = channel;
  }

  info(text: string): void {
    this.channel.info(redact(text));
  }

  error(what: string, error: unknown): void {
    this.channel.error(redact(`${what}: ${error instanceof Error ? error.message : String(error)}`));
  }
}
