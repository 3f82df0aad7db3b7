import type * as vscode from 'vscode';
import type { RequestTrace } from '../azure/resourceManager/pipeline.ts';
import { controlCharacters } from '../base/controlCharacters.ts';
import { redact, shorten } from '../base/redact.ts';

/** The part of VS Code's log channel that is written to. */
export type LogChannel = Pick<vscode.LogOutputChannel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>;

/** The entries that are kept, whatever the channel's level, and the most of one of them, in characters. */
const entriesKept = 200;
const maxKept = 2_000;

/** The most lines of one entry. */
const mostLines = 60;

/** The extension's log, in English. Nothing reaches it that is not redacted, and no text from outside ends its line. */
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
    this.write('debug', [text]);
  }

  info(text: string): void {
    this.write('info', [text]);
  }

  /** Something that the user can do without. */
  warn(what: string, error: unknown): void {
    this.write('warn', describe(what, error));
  }

  /** Something that the user has asked for and does not get. */
  error(what: string, error: unknown): void {
    this.write('error', describe(what, error));
  }

  /** One request to Azure, on one line. */
  request({ method, path, status, tookMs, correlationId }: RequestTrace): void {
    const answer = status === undefined ? 'no answer' : String(status);
    this.write('trace', [
      `${method} ${path} ${answer} ${tookMs.toFixed(0)} ms ${correlationId ?? 'no correlation id'}`,
    ]);
  }

  private write(level: keyof LogChannel, lines: readonly string[]): void {
    const text = lines
      .slice(0, mostLines)
      .map((line) => escapeControls(redact(line)))
      .join('\n');
    this.channel[level](text);
    const entry = `${new Date().toISOString()} [${level}] ${shorten(text, maxKept)}`;
    this.kept = [...this.kept, entry].slice(-entriesKept);
  }
}

/** Control characters as JSON escapes them: they are to be read, and neither end the line nor turn its direction. */
function escapeControls(text: string): string {
  return text.replace(controlCharacters, (run) => Array.from(run, escaped).join(''));
}

function escaped(character: string): string {
  return character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** More causes than any real error has. */
const mostCauses = 5;

/** Lines that tell what failed: an error with its stack, and each of its causes likewise. */
function describe(what: string, error: unknown): readonly string[] {
  const lines: string[] = [];
  let start = what;
  for (let next = error, causes = 0; next !== undefined && causes < mostCauses; causes++) {
    const [head = '', ...frames] = linesOf(next);
    lines.push(`${start}: ${head}`, ...frames);
    start = 'Caused by';
    next = next instanceof Error ? next.cause : undefined;
  }
  return lines;
}

/** An error's name and message, and a line for each frame of its stack. */
function linesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) {
    return [typeof error === 'string' ? error : `something thrown that is no error (${typeof error})`];
  }
  const { name, message, stack = '' } = error;
  // A stack begins with the name and message that the error was made with; those may have been set later.
  return [`${name}: ${message}`, ...stack.split('\n').filter((line) => line.startsWith('    at '))];
}
