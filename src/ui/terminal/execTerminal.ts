import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { onAbort } from '../../base/cancellation.ts';
import { Emitter, type Event } from '../../base/emitter.ts';
import { commandEndMark } from '../../exec/shellIntegration.ts';
import type { TerminalDimensions } from '../../terminal/dimensions.ts';
import { FlowControl } from '../../terminal/flowControl.ts';
import { dim, eraseLine, resetTerminal } from '../../terminal/sequences.ts';
import { scrollback, tabStopWidth } from '../settings.ts';
import { TerminalSession, type ExecTarget, type SessionServices } from './terminalSession.ts';

/** The longest wait for VS Code to lay the terminal out, in milliseconds; then it is 80×24. */
const layoutWaitMs = 1_000;

/** The longest wait for the terminal's report of its size when a session starts, in milliseconds. */
const reportWaitMs = 300;

/** Exec sessions in an integrated terminal, one after the other: Enter starts the next when one has ended. */
export class ExecTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.written.event;
  private readonly renamed = new vscode.EventEmitter<string>();
  readonly onDidChangeName = this.renamed.event;
  /** By which VS Code knows the shell's own command lines. */
  readonly nonce = randomUUID();
  private readonly target: ExecTarget;
  private readonly services: SessionServices;
  private readonly failedImages: Set<string>;
  private readonly resized = new Emitter<TerminalDimensions>();
  private readonly sizeReported = new Emitter<TerminalDimensions>();
  private dimensions: TerminalDimensions | undefined;
  private session: TerminalSession | undefined;
  private running = Promise.resolve();
  private readonly closed = new AbortController();
  private readonly laidOut = Promise.withResolvers<undefined>();
  private readonly flow = new FlowControl({
    write: (text) => this.written.fire(text),
    type: (text) => this.type(text),
    sized: (size) => this.sized(size),
    pause: () => this.session?.pause(),
    resume: () => this.session?.resume(),
    linesKept: () => scrollback() + 2 * this.size.rows,
  });

  /** `failedImages` are those in which shell integration has failed, which all terminals share. */
  constructor(target: ExecTarget, services: SessionServices, failedImages = new Set<string>()) {
    this.target = target;
    this.services = services;
    this.failedImages = failedImages;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.dimensions = dimensions;
    this.start();
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.dimensions = dimensions;
    this.resized.fire(dimensions);
    this.session?.resize(dimensions);
  }

  handleInput(data: string): void {
    this.flow.input(data);
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
      this.flow.askSize();
    }
  }

  /** Ends the session, if one runs, and starts a new one, which has the terminal's size. */
  reconnect(): void {
    this.session?.end();
    void this.running.then(() => this.start());
  }

  close(): void {
    this.closed.abort();
    this.session?.end();
    this.laidOut.resolve(undefined);
    this.flow.dispose();
    this.resized.dispose();
    this.sizeReported.dispose();
    this.written.dispose();
    this.renamed.dispose();
  }

  private type(data: string): void {
    if (this.session !== undefined) {
      this.session.write(data);
    } else if (data.includes('\r')) {
      this.start();
    }
  }

  private sized(size: TerminalDimensions): void {
    this.setDimensions(size);
    this.sizeReported.fire(size);
  }

  private start(): void {
    if (!this.isClosed() && this.session === undefined) {
      this.running = this.run();
    }
  }

  /** One session from start to end. Nothing it throws escapes: the terminal says it. */
  private async run(): Promise<void> {
    const screen = {
      write: (text: string) => this.flow.output(text),
      notify: (text: string) => this.flow.notify(text),
      size: () => this.size,
    };
    const { nonce, failedImages } = this;
    const session = new TerminalSession(this.target, this.services, screen, { nonce, failedImages });
    this.session = session;
    this.renamed.fire(this.target.name);
    const text = await session.run(this.layout());
    this.session = undefined;
    if (this.isClosed()) {
      return;
    }
    this.flow.output(session.isConnecting ? eraseLine : `${resetTerminal(tabStopWidth())}\r\n`);
    if (session.isIntegrated) {
      this.flow.output(commandEndMark); // what ran when the session ended runs no more
    }
    if (text !== undefined) {
      this.renamed.fire(vscode.l10n.t('ended: {0}', this.target.name));
      this.flow.output(`${dim(`${text} ${vscode.l10n.t('Press Enter to start a new session.')}`)}\r\n`);
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
      await this.waitFor(this.resized.event, layoutWaitMs);
    }
    if (!isKnown) {
      this.askSize();
      await this.waitFor(this.sizeReported.event, reportWaitMs);
    }
    this.laidOut.resolve(undefined);
  }

  /** Waits for an event, for `waitMs` milliseconds at most and while the terminal is open. */
  private async waitFor(event: Event<unknown>, waitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const done = () => resolve(undefined);
    const timer = setTimeout(done, waitMs);
    const listeners = [event(done), onAbort(this.closed.signal, done)];
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      listeners.forEach((listener) => listener.dispose());
    }
  }
}

/** The size that VS Code tells of a terminal without a place to be laid out in, as one that another one covers. */
function isFallback({ columns, rows }: TerminalDimensions): boolean {
  return columns === 80 && rows === 30;
}
