import { randomBytes } from 'node:crypto';
import type { ExecEndpoint, TerminalSize } from '../../azure/resourceManager/containerOperations.ts';
import { cancellation, onAbort, untilAborted } from '../../base/cancellation.ts';
import { timerMs } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposableStore.ts';
import { Emitter } from '../../base/emitter.ts';
import { withTimeLimit } from '../../base/timeLimit.ts';
import { encodeCommandLine } from '../commandLine.ts';
import { inputPace } from '../input.ts';
import { ExecSession, type SessionOptions } from '../session.ts';
import { reportsMissingCommand } from '../shellFallback.ts';
import { directStart, kinds, mark, requestLines, stagedStart } from './agent.ts';
import { AnswerReader, type AgentMessage } from './answerReader.ts';
import { checksumTools, type ChecksumTool } from './checksum.ts';
import { OutputDamaged, RemoteShellLost, RemoteShellUnavailable } from './errors.ts';

export interface RemoteShellOptions extends Omit<SessionOptions, 'pace'> {
  /** Asks for an exec session in the container; takes the command as Azure reads it. */
  readonly request: (command: string, size: TerminalSize, signal: AbortSignal) => Promise<ExecEndpoint>;
}

/** What a request printed, without line ends at its end, and its exit code. */
export interface Answer {
  readonly exitCode: number;
  readonly text: Buffer;
}

export interface AskOptions {
  readonly signal: AbortSignal;
  /** The longest wait for the answer, in milliseconds. */
  readonly limitMs: number;
  /** The longest silence of the far end, in milliseconds, while nothing is held back; without it there may be any. */
  readonly silenceMs?: number;
  /** Whether what the request runs takes input at the moment: the request is not sent again then. */
  readonly takesInput?: () => boolean;
}

/** What follows input at once, in place of bytes of it that were lost and the far end waits for: so many short requests. */
const firstFiller = 4;

/** A size that no one's terminal has: live resize looks for terminals by their size and must not find these. */
const hiddenSize: TerminalSize = { columns: 499, rows: 3 };

/** The longest that an agent may take to start once its session is open, in milliseconds. */
const startMs = 10_000;

/** A request is sent again after so much silence, then after twice as much each time, in milliseconds. */
const firstSilenceMs = 2_000;

/** How a request that waits for its answer goes on. */
interface Waiting {
  /** Nothing was heard for a while. */
  readonly onSilence: () => void;
  /** A request came damaged, or an answer. */
  readonly onDamage: () => void;
  /** The far end waits for something else. */
  readonly onWaiting: () => void;
}

/** How often a request is sent again because it did not check. */
const maxRepeats = 50;

/** What comes before a session's end may be the service's report; its first so many characters are kept. */
const maxReport = 2_000;

/**
 * A POSIX shell in a hidden exec session of a Linux container, see `agent.ts`: one request at a time, each run once at
 * the most. It ends with the signal of its options.
 */
export class RemoteShell {
  private readonly session: ExecSession;
  private readonly closing = new AbortController();
  private readonly messages = new Emitter<AgentMessage>();
  private readonly heard = new Emitter<undefined>();
  private readonly token: string;
  private number = 0;
  private answered = 0;
  private terminalPath = '';
  private tool: ChecksumTool | undefined;
  private isHeldBack = false;
  /** Takes what comes outside of answers: the output of what the request runs. */
  onRaw: (data: Buffer) => void = () => undefined;

  private constructor(options: RemoteShellOptions, token: string) {
    const owner = onAbort(options.signal, (reason) => this.closing.abort(reason));
    this.token = token;
    this.session = new ExecSession({ ...options, pace: inputPace('Linux'), signal: this.closing.signal });
    const reader = new AnswerReader(
      token,
      (data) => this.onRaw(data),
      (message) => this.messages.fire(message),
    );
    this.session.onData((data) => {
      this.heard.fire(undefined);
      reader.read(data);
    });
    this.session.onDidChangeState((state) => {
      if (state === 'ended') {
        owner.dispose();
      }
    });
  }

  /**
   * Opens a session and starts the agent in it, plainly where the service or the shell does not take the command.
   * @throws {RemoteShellUnavailable} when the container cannot have one, and what `request` throws.
   */
  static async open(options: RemoteShellOptions): Promise<RemoteShell> {
    const token = randomBytes(8).toString('hex');
    const direct = new RemoteShell(options, token);
    if (await direct.start(options, directStart(token))) {
      return direct;
    }
    const staged = new RemoteShell(options, token);
    const { command, stage, agent } = stagedStart(token);
    if (await staged.start(options, command, { stage, agent })) {
      return staged;
    }
    throw new RemoteShellUnavailable('noAnswer');
  }

  /** The path of the shell's terminal in the container; empty where it could not be found out. */
  get terminal(): string {
    return this.terminalPath;
  }

  /** The image's tool to check raw output with, if there is one. */
  get checksumTool(): ChecksumTool | undefined {
    return this.tool;
  }

  get isEnded(): boolean {
    return this.closing.signal.aborted;
  }

  /** Calls the listener when it ends, at once if it has. */
  onEnd(listener: () => void): Disposable {
    return onAbort(this.closing.signal, listener);
  }

  /** Whether it is open and has answered all that it was asked. */
  get isFree(): boolean {
    return !this.isEnded && this.answered === this.number;
  }

  /**
   * Runs a line of the agent's source, such as {@link captured} makes, and waits for its answer.
   * @throws {RemoteShellLost} when none comes.
   */
  async ask(
    source: string,
    { signal, limitMs, silenceMs, takesInput = () => false }: AskOptions,
  ): Promise<Answer> {
    const number = ++this.number;
    const lines = requestLines(number, source);
    return this.whileOpen(signal, limitMs, async (wait) => {
      this.session.write(lines);
      const again = () => {
        if (!takesInput()) {
          this.session.write(lines);
        }
      };
      const waiting = { onSilence: again, onDamage: again, onWaiting: () => undefined };
      const answer = await this.untilAnswered(number, waiting, wait, silenceMs);
      this.answered = number;
      return answer;
    });
  }

  /**
   * The same for a line that takes raw input: what it reads comes from {@link RemoteShell.send} once it has run
   * {@link RemoteShell.askForInput}.
   */
  async askWithInput(
    source: string,
    sendInput: (signal: AbortSignal) => Promise<void>,
    { signal, limitMs, silenceMs }: AskOptions,
  ): Promise<Answer> {
    const number = ++this.number;
    const lines = requestLines(number, source);
    return this.whileOpen(signal, limitMs, async (wait) => {
      const repeat = () => this.session.write(lines);
      const failed = Promise.withResolvers<never>();
      let state: 'asked' | 'sending' | 'sent' = 'asked';
      const sendAll = async () => {
        state = 'sending';
        await sendInput(wait);
        state = 'sent';
        fill();
      };
      let filler = firstFiller;
      // What of it is not read as input is answered once more, which nobody waits for.
      const fill = () => {
        this.session.write(requestLines(number, '').repeat(filler));
        filler *= 4;
      };
      const waiting = {
        onSilence: () => {
          if (state === 'asked') {
            failed.reject(new RemoteShellLost('silent')); // whether it waits for input is not known
          } else if (state === 'sent') {
            fill();
          }
        },
        onDamage: () => {
          if (state === 'asked') {
            failed.reject(new OutputDamaged()); // what is sent again might be read as input
          } else if (state === 'sent') {
            repeat();
          }
        },
        onWaiting: () => {
          if (state === 'asked') {
            sendAll().catch(failed.reject);
          }
        },
      };
      repeat();
      const over = new AbortController();
      try {
        const either = AbortSignal.any([wait, over.signal]);
        const answered = this.untilAnswered(number, waiting, either, silenceMs);
        const answer = await Promise.race([answered, failed.promise]);
        this.answered = number;
        return answer;
      } finally {
        over.abort(); // nobody waits for the answer any more
      }
    });
  }

  /** Source that says that it reads its input from now on. */
  get askForInput(): string {
    return `printf '${mark(this.token, kinds.waiting)}' >&9`;
  }

  /** Sends input in frames of at most so many bytes; resolves once it has left. */
  async send(data: Uint8Array, maxFrame: number): Promise<void> {
    await this.session.send(data, maxFrame);
    this.heard.fire(undefined); // the far end may be silent while it takes it
  }

  /** Writes a line that is no request, for what runs. */
  write(line: string): void {
    this.session.write(`${line}\n`);
  }

  pause(): void {
    this.isHeldBack = true;
    this.session.pause();
  }

  resume(): void {
    this.isHeldBack = false;
    this.heard.fire(undefined); // what was held back is still to come
    this.session.resume();
  }

  dispose(): void {
    this.closing.abort(cancellation('the hidden session was closed'));
  }

  /** Waits for an answer. */
  private untilAnswered(
    number: number,
    { onSilence, onDamage, onWaiting }: Waiting,
    signal: AbortSignal,
    silenceMs = Number.POSITIVE_INFINITY,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      let repeats = 0;
      const goOn = (how: () => void) => {
        if (++repeats > maxRepeats) {
          fail(new RemoteShellLost('silent'));
        } else {
          how();
        }
      };
      const silence = new Silence(() => goOn(onSilence));
      let patience: NodeJS.Timeout | undefined;
      const wait = () => {
        clearTimeout(patience);
        const giveUp = () => (this.isHeldBack ? undefined : fail(new RemoteShellLost('silent')));
        patience = setTimeout(giveUp, timerMs(silenceMs));
      };
      wait();
      const listeners = [
        this.heard.event(() => {
          silence.broken();
          wait();
        }),
        this.messages.event((message) => {
          switch (message.kind) {
            case 'answer':
              if (message.number === number) {
                stop();
                resolve(message);
              }
              break;
            case 'waiting':
              onWaiting();
              break;
            case 'noStty':
              fail(new RemoteShellUnavailable('noStty'));
              break;
            case 'tooLong':
              fail(new RemoteShellLost('tooLong'));
              break;
            case 'refused':
            case 'damaged':
              goOn(onDamage);
          }
        }),
        onAbort(signal, (reason) => fail(reason)),
      ];
      const stop = () => {
        silence.dispose();
        clearTimeout(patience);
        listeners.forEach((listener) => listener.dispose());
      };
      const fail = (error: Error) => {
        stop();
        reject(error);
      };
    });
  }

  /** Whether the agent runs in the end. */
  private async start(
    options: RemoteShellOptions,
    command: string,
    { stage, agent } = { stage: '', agent: '' },
  ): Promise<boolean> {
    let report = '';
    this.onRaw = (data) => (report = (report + data.toString()).slice(0, maxReport));
    const opened = Promise.withResolvers<undefined>();
    this.session.onDidChangeState((state) => {
      if (state === 'open') {
        opened.resolve(undefined);
      }
    });
    const { signal } = this.closing;
    this.session
      .run(() => options.request(encodeCommandLine(command), hiddenSize, signal))
      .then(
        () => this.closing.abort(new RemoteShellLost('ended')),
        (error: unknown) => this.closing.abort(error),
      );
    try {
      await untilAborted(opened.promise, signal);
      this.session.write(stage);
      const again = () => this.session.write(stage + requestLines(0, ''));
      const waiting = {
        onSilence: again,
        onDamage: again,
        onWaiting: () => this.session.write(agent),
      };
      const { text } = await this.whileOpen(options.signal, startMs, (wait) =>
        this.untilAnswered(0, waiting, wait),
      );
      this.onRaw = () => undefined;
      const [terminal = '', tool] = text.toString().split(':');
      this.terminalPath = terminal;
      this.tool = checksumTools.find((known) => known === tool);
      return true;
    } catch (error) {
      this.dispose();
      options.signal.throwIfAborted();
      if (!(error instanceof RemoteShellLost)) {
        throw error;
      }
      if (reportsMissingCommand(report)) {
        throw new RemoteShellUnavailable('noShell');
      }
      return false;
    }
  }

  /** Waits for work that ends with the session too. */
  private whileOpen<T>(
    signal: AbortSignal,
    limitMs: number,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const either = AbortSignal.any([signal, this.closing.signal]);
    return withTimeLimit(either, limitMs, () => new RemoteShellLost('silent'), work);
  }
}

/** Calls back after a silence, and again after twice as long a one. */
class Silence {
  private timer: NodeJS.Timeout | undefined;
  private ms = firstSilenceMs;
  private readonly onSilence: () => void;

  constructor(onSilence: () => void) {
    this.onSilence = onSilence;
    this.broken();
  }

  /** Something was heard: the wait starts anew. */
  broken(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.ms *= 2;
      this.broken();
      this.onSilence(); // last: it may dispose of this
    }, this.ms);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
