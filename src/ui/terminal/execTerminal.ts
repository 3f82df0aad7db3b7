import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import type { TerminalDimensions } from '../../azure/resourceManager.ts';
import { AnswerFilter, sizeAnswer, sizeQuestion } from '../../exec/answerFilter.ts';
import { OutputGate } from '../../exec/outputGate.ts';
import { scrollback } from '../settings.ts';
import { dim, eraseLine, resetModes } from './sequences.ts';
import { TerminalSession, type ExecTarget, type SessionParts } from './terminalSession.ts';

/** How long to wait for VS Code to lay the terminal out, in milliseconds; then 80×24. */
const layoutWaitMs = 1_000;

/** How long the start of a session waits for the terminal's answer about its size, in milliseconds. */
const answerWaitMs = 300;

/** Exec sessions in an integrated terminal, one after the other: Enter starts the next when one has ended. */
export class ExecTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.written.event;
  private readonly renamed = new vscode.EventEmitter<string>();
  readonly onDidChangeName = this.renamed.event;
  private readonly target: ExecTarget;
  private readonly parts: SessionParts;
  private dimensions: TerminalDimensions | undefined;
  private onDimensions: () => void = () => undefined;
  private onSizeAnswer: () => void = () => undefined;
  private sizeQuestions = 0;
  private readonly sizeAnswers = new AnswerFilter(sizeAnswer, {
    expects: () => this.sizeQuestions > 0,
    onTyped: (text) => this.type(text),
    onAnswer: (rows, columns) => this.sizeAnswered({ rows, columns }),
  });
  private session: TerminalSession | undefined;
  private running = Promise.resolve();
  private readonly closed = new AbortController();
  private readonly laidOut = Promise.withResolvers<undefined>();
  private readonly gate = new OutputGate({
    write: (text) => this.written.fire(text),
    type: (text) => this.sizeAnswers.input(text, this.sizeQuestions > 0),
    pause: () => this.session?.shell.pause(),
    resume: () => this.session?.shell.resume(),
    linesKept: () => scrollback() + 2 * this.size.rows,
  });

  constructor(target: ExecTarget, parts: SessionParts) {
    this.target = target;
    this.parts = parts;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.dimensions = dimensions;
    this.start(this.target.group);
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.dimensions = dimensions;
    this.onDimensions();
    this.session?.resize(dimensions);
  }

  handleInput(data: string): void {
    this.gate.input(data);
  }

  /** Resolves when the first session has its size, or the terminal is closed. */
  get ready(): Promise<unknown> {
    return this.laidOut.promise;
  }

  /**
   * Asks the terminal itself for its size: VS Code tells changes, but not each one of a terminal that is laid out while
   * another one covers it.
   */
  askSize(): void {
    if (this.session !== undefined && !this.isClosed()) {
      this.sizeQuestions++;
      this.session.ask(sizeQuestion);
    }
  }

  /** Ends the session, if one runs, and starts a new one, which has the terminal's size. */
  reconnect(): void {
    this.session?.end();
    void this.running.then(() => this.start(undefined));
  }

  close(): void {
    this.closed.abort();
    this.laidOut.resolve(undefined);
    this.gate.dispose();
    this.sizeAnswers.dispose();
    this.written.dispose();
    this.renamed.dispose();
  }

  private type(data: string): void {
    if (this.session !== undefined) {
      this.session.shell.write(data);
    } else if (data.includes('\r')) {
      this.start(undefined);
    }
  }

  private sizeAnswered(size: TerminalDimensions): void {
    this.sizeQuestions--;
    this.setDimensions(size);
    this.onSizeAnswer();
  }

  private start(knownGroup: ContainerGroup | undefined): void {
    if (!this.isClosed() && this.session === undefined) {
      this.running = this.run(knownGroup);
    }
  }

  /** One session from start to end. Nothing it throws escapes: the terminal says it. */
  private async run(knownGroup: ContainerGroup | undefined): Promise<void> {
    const session = new TerminalSession(this.target, this.parts, this.closed.signal, {
      write: (text) => this.gate.output(text),
      size: () => this.size,
    });
    this.session = session;
    this.renamed.fire(this.target.name);
    await this.layout();
    const text = await session.run(knownGroup);
    this.session = undefined;
    if (text !== undefined && !this.isClosed()) {
      this.renamed.fire(vscode.l10n.t('ended: {0}', this.target.name));
      const line = `${text} ${vscode.l10n.t('Press Enter to start a new session.')}`;
      this.gate.output(`${session.connecting ? eraseLine : `${resetModes}\r\n`}${dim(line)}\r\n`);
    }
  }

  private isClosed(): boolean {
    return this.closed.signal.aborted;
  }

  private get size(): TerminalDimensions {
    return this.dimensions ?? { columns: 80, rows: 24 };
  }

  /** Waits for the terminal's size, as Azure fixes it when the session starts. */
  private async layout(): Promise<void> {
    const isKnown = this.dimensions !== undefined && !isFallback(this.dimensions);
    if (this.dimensions === undefined) {
      await this.limited(layoutWaitMs, (done) => (this.onDimensions = done));
    }
    if (!isKnown) {
      this.askSize();
      await this.limited(answerWaitMs, (done) => (this.onSizeAnswer = done));
    }
    this.laidOut.resolve(undefined);
  }

  /** Waits until `arm`'s callback is called, for so many milliseconds at most and while the terminal is open. */
  private async limited(waitMs: number, arm: (done: () => void) => void): Promise<void> {
    if (this.isClosed()) {
      return;
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.closed.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.closed.signal.addEventListener('abort', done);
      arm(done);
    });
  }
}

/** The size that VS Code tells of a terminal without a place to be laid out in, as one that another one covers. */
function isFallback({ columns, rows }: TerminalDimensions): boolean {
  return columns === 80 && rows === 30;
}
