import * as vscode from 'vscode';
import type { ContainerGroup } from '../../azure/containerGroups.ts';
import type { TerminalDimensions } from '../../azure/resourceManager.ts';
import { OutputGate } from '../../exec/outputGate.ts';
import { scrollback } from '../settings.ts';
import { dim, eraseLine, resetModes } from './sequences.ts';
import { TerminalSession, type ExecTarget, type SessionParts } from './terminalSession.ts';

/** How long to wait for VS Code to lay the terminal out, in milliseconds; then 80×24. */
const layoutWaitMs = 1_000;

/** Exec sessions in an integrated terminal, one after the other: Enter starts the next when one has ended. */
export class ExecTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.written.event;
  private readonly renamed = new vscode.EventEmitter<string>();
  readonly onDidChangeName = this.renamed.event;
  private readonly target: ExecTarget;
  private readonly parts: SessionParts;
  private dimensions: TerminalDimensions | undefined;
  private laidOut: (() => void) | undefined;
  private session: TerminalSession | undefined;
  private running = Promise.resolve();
  private readonly closed = new AbortController();
  private readonly gate = new OutputGate({
    write: (text) => this.written.fire(text),
    type: (text) => this.type(text),
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
    this.laidOut?.();
    this.session?.resize(dimensions);
  }

  handleInput(data: string): void {
    this.gate.input(data);
  }

  /** Ends the session, if one runs, and starts a new one, which has the terminal's size. */
  reconnect(): void {
    this.session?.end();
    void this.running.then(() => this.start(undefined));
  }

  close(): void {
    this.closed.abort();
    this.gate.dispose();
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

  /** Waits until VS Code has laid the terminal out, as Azure fixes the size when the session starts. */
  private async layout(): Promise<void> {
    if (this.dimensions === undefined) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.closed.signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, layoutWaitMs);
        this.closed.signal.addEventListener('abort', done);
        this.laidOut = done;
      });
      this.laidOut = undefined;
    }
  }
}
