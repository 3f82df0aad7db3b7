import * as vscode from 'vscode';
import { isCancellation } from '../../base/cancellation.ts';
import { resetTerminal } from '../../terminal/sequences.ts';
import { plainText } from '../messages/plainText.ts';
import { explain } from '../messages/problems.ts';
import { damagedOutputText } from '../messages/remoteShells.ts';
import { tabStopWidth } from '../settings.ts';
import { runInContainer, type CommandEnd, type CommandServices } from '../terminal/containerCommand.ts';
import { PacedScreen } from '../terminal/pacedScreen.ts';
import { red, shownStreams } from '../terminal/shownStreams.ts';
import { findTaskContainer } from './findTaskContainer.ts';
import { parseTaskDefinition, TaskProblem } from './taskDefinition.ts';

/** The exit code of a task whose command did not run to its end, as `ssh` has it. */
const notRun = 255;

/** The exit code of a task that was cancelled before its command began, as a shell tells SIGINT. */
const interrupted = 130;

/** Runs the command of a task in its container, and ends with its exit code. Ctrl-C cancels. */
export class TaskTerminal implements vscode.Pseudoterminal {
  private readonly screen = new PacedScreen((text) => {
    if (text.includes('\x03')) {
      this.running.abort();
    }
  });
  readonly onDidWrite = this.screen.onDidWrite;
  private readonly ended = new vscode.EventEmitter<number>();
  readonly onDidClose = this.ended.event;
  private readonly definition: vscode.TaskDefinition;
  private readonly services: CommandServices;
  private readonly running = new AbortController();
  private isClosed = false;

  constructor(definition: vscode.TaskDefinition, services: CommandServices) {
    this.definition = definition;
    this.services = services;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.screen.resize(dimensions);
    void this.run();
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.screen.resize(dimensions);
  }

  handleInput(data: string): void {
    this.screen.input(data);
  }

  close(): void {
    this.isClosed = true;
    this.running.abort();
    this.screen.dispose();
    this.ended.dispose();
  }

  private async run(): Promise<void> {
    const { signal } = this.running;
    const end = await this.runToEnd(signal);
    if (this.isClosed) {
      return;
    }
    if (end.kind === 'failed') {
      this.screen.output(`${red(plainText(end.text))}\r\n`);
    } else if (end.kind === 'exited' && end.output === 'damaged') {
      this.screen.output(`${red(damagedOutputText())}\r\n`);
    }
    this.screen.output(resetTerminal(tabStopWidth()));
    await this.screen.ready(); // problem matchers read what the terminal shows
    this.ended.fire(end.kind === 'exited' ? end.exitCode : end.kind === 'failed' ? notRun : interrupted);
  }

  private async runToEnd(signal: AbortSignal): Promise<CommandEnd> {
    const { inventory, log } = this.services;
    try {
      const { where, command } = parseTaskDefinition(this.definition);
      const target = await findTaskContainer(where, inventory, signal);
      const shown = { screen: this.screen, ...shownStreams((text) => this.screen.output(text)) };
      return await runInContainer(target, command, shown, signal, this.services);
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
