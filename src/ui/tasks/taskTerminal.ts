import * as vscode from 'vscode';
import { isCancellation } from '../../base/cancellation.ts';
import type { OutputFlow } from '../../exec/remoteShell/runCommand.ts';
import { FlowControl } from '../../terminal/flowControl.ts';
import { resetTerminal } from '../../terminal/sequences.ts';
import { plainText } from '../messages/plainText.ts';
import { explain } from '../messages/problems.ts';
import { scrollback, tabStopWidth } from '../settings.ts';
import { runInContainer, type CommandEnd, type CommandServices } from '../terminal/containerCommand.ts';
import { red, shownStreams } from '../terminal/shownStreams.ts';
import { findTaskContainer } from './findTaskContainer.ts';
import { parseTaskDefinition, TaskProblem } from './taskDefinition.ts';

/** The exit code of a task whose command did not run to its end, as `ssh` has it. */
const notRun = 255;

/** The exit code of a task that was cancelled before its command began, as a shell tells SIGINT. */
const interrupted = 130;

/** Runs the command of a task in its container, and ends with its exit code. Ctrl-C cancels. */
export class TaskTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.written.event;
  private readonly ended = new vscode.EventEmitter<number>();
  readonly onDidClose = this.ended.event;
  private readonly definition: vscode.TaskDefinition;
  private readonly services: CommandServices;
  private readonly running = new AbortController();
  private isClosed = false;
  private rows = 24;
  private source: OutputFlow | undefined;
  /** Output is waiting for the terminal. */
  private isHolding = false;
  private onRoom: () => void = () => undefined;
  private readonly flow = new FlowControl({
    write: (text) => this.written.fire(text),
    type: (text) => {
      if (text.includes('\x03')) {
        this.running.abort();
      }
    },
    sized: () => undefined,
    pause: () => {
      this.isHolding = true;
      this.source?.pause();
    },
    resume: () => {
      this.isHolding = false;
      this.source?.resume();
      this.onRoom();
    },
    linesKept: () => scrollback() + 2 * this.rows,
  });

  constructor(definition: vscode.TaskDefinition, services: CommandServices) {
    this.definition = definition;
    this.services = services;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.rows = dimensions?.rows ?? this.rows;
    void this.run();
  }

  setDimensions({ rows }: vscode.TerminalDimensions): void {
    this.rows = rows;
  }

  handleInput(data: string): void {
    this.flow.input(data);
  }

  close(): void {
    this.isClosed = true;
    this.running.abort();
    this.flow.dispose();
    this.written.dispose();
    this.ended.dispose();
  }

  private async run(): Promise<void> {
    const { signal } = this.running;
    const end = await this.runToEnd(signal);
    if (this.isClosed) {
      return;
    }
    if (end.kind === 'failed') {
      this.flow.output(`${red(plainText(end.text))}\r\n`);
    }
    this.flow.output(resetTerminal(tabStopWidth()));
    if (this.isHolding) {
      await new Promise<void>((resolve) => (this.onRoom = resolve)); // problem matchers read what the terminal shows
    }
    this.ended.fire(end.kind === 'exited' ? end.exitCode : end.kind === 'failed' ? notRun : interrupted);
  }

  private async runToEnd(signal: AbortSignal): Promise<CommandEnd> {
    const { inventory, log } = this.services;
    try {
      const { where, command } = parseTaskDefinition(this.definition);
      const target = await findTaskContainer(where, inventory, signal);
      const { output, errors } = shownStreams((text) => this.flow.output(text));
      const events = {
        onStart: (flow: OutputFlow) => (this.source = flow),
        onStdout: (data: Buffer) => output.write(data),
        onStderr: (data: Buffer) => errors.write(data),
      };
      const end = await runInContainer(target, command, events, signal, this.services);
      this.source = undefined;
      output.end();
      errors.end();
      return end;
    } catch (error) {
      if (isCancellation(error)) {
        return { kind: 'cancelled' };
      }
      if (error instanceof TaskProblem) {
        return { kind: 'failed', text: error.message };
      }
      log.error('The container of a task was not found', error);
      return { kind: 'failed', text: explain(error) };
    }
  }
}
