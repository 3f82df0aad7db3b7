import { randomBytes } from 'node:crypto';
import type { ExecEndpoint, TerminalSize } from '../azure/resourceManager/containerOperations.ts';
import { cancellation, onAbort } from '../base/cancellation.ts';
import { Emitter } from '../base/emitter.ts';
import { withTimeLimit } from '../base/timeLimit.ts';
import { inputPace } from './input.ts';
import { ExecSession, type SessionOptions } from './session.ts';

export interface RemoteShellOptions extends Omit<SessionOptions, 'pace'> {
  /** Asks for an exec session in the container. */
  readonly request: (command: string, size: TerminalSize, signal: AbortSignal) => Promise<ExecEndpoint>;
  /** The size of the hidden terminal. */
  readonly size: TerminalSize;
}

/**
 * A shell that is not interactive, so that it keeps no history and prints no prompt. The service splits a command at
 * spaces and knows no quoting, so the command has none.
 */
const command = '/bin/sh -c cat|sh';

/** The longest that one answer may take, in milliseconds. */
const answerMs = 10_000;

/** The longest answer, in characters. */
const maxAnswer = 16 * 1024;

/** A remote shell gave no answer in time; its connection may be lost. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor() {
    super('the hidden session gave no answer');
  }
}

/**
 * A POSIX shell in a hidden exec session of a Linux container: lines in, answers out, one after the other. It needs
 * `/bin/sh` and `cat`, and ends with the signal of its options.
 */
export class RemoteShell {
  private readonly session: ExecSession;
  private readonly closing = new AbortController();
  private readonly outputGrown = new Emitter<void>();
  private output = '';

  private constructor(options: RemoteShellOptions) {
    const owner = onAbort(options.signal, (reason) => this.closing.abort(reason));
    this.session = new ExecSession({ ...options, pace: inputPace('Linux'), signal: this.closing.signal });
    this.session.onData((data) => {
      this.output = (this.output + data.toString()).slice(-maxAnswer);
      this.outputGrown.fire();
    });
    this.session.onDidChangeState((state) => {
      if (state === 'ended') {
        owner.dispose();
      }
    });
  }

  /** @throws {Error} when the container cannot run it. */
  static async open(options: RemoteShellOptions): Promise<RemoteShell> {
    const shell = new RemoteShell(options);
    const { signal } = shell.closing;
    const opened = new Promise<void>((resolve) =>
      shell.session.onDidChangeState((state) => {
        if (state === 'open') {
          resolve();
        }
      }),
    );
    const ended = shell.session
      .run(() => options.request(command, options.size, signal))
      .then(
        () => new Error('the hidden session has ended'),
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
    void ended.then((reason) => shell.closing.abort(reason));
    try {
      await Promise.race([opened, ended.then((reason) => Promise.reject(reason))]);
      await shell.ask('stty -echo <&1 2>/dev/null');
      return shell;
    } catch (error) {
      shell.dispose();
      throw error;
    }
  }

  get isEnded(): boolean {
    return this.closing.signal.aborted;
  }

  /**
   * Runs a line and waits for what it prints, without white space around it.
   * @throws {NoAnswer} when none comes in time, and the reason when the session ends.
   */
  async ask(line: string): Promise<string> {
    const mark = randomBytes(8).toString('hex');
    // The terminal may echo the line, so the mark stands in it in two halves.
    const printMark = `echo ${mark.slice(0, 8)}"${mark.slice(8)}"`;
    this.output = '';
    return withTimeLimit(
      this.closing.signal,
      answerMs,
      () => new NoAnswer(),
      (signal) =>
        new Promise((resolve) => {
          const listener = this.outputGrown.event(() => {
            const answer = between(this.output, mark);
            if (answer !== undefined) {
              listener.dispose();
              released.dispose();
              resolve(answer.trim());
            }
          });
          const released = onAbort(signal, () => listener.dispose());
          this.session.write(`${printMark}; ${line}; ${printMark}\n`);
        }),
    );
  }

  dispose(): void {
    this.closing.abort(cancellation('the hidden session was closed'));
  }
}

/** What stands between the first two marks. */
function between(text: string, mark: string): string | undefined {
  const start = text.indexOf(mark);
  const end = start < 0 ? -1 : text.indexOf(mark, start + mark.length);
  return end < 0 ? undefined : text.slice(start + mark.length, end);
}
