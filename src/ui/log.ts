import type * as vscode from 'vscode';
import { redact } from '../azure/errors.ts';

/** The extension's log. Nothing reaches it that is not redacted. */
export class Log {
  private readonly channel: vscode.LogOutputChannel;

  constructor(channel: vscode.LogOutputChannel) {
    this.channel = channel;
  }

  info(text: string): void {
    this.channel.info(redact(text));
  }

  error(what: string, error: unknown): void {
    this.channel.error(redact(`${what}: ${error instanceof Error ? error.message : String(error)}`));
  }

  show(): void {
    this.channel.show(true);
  }
}
