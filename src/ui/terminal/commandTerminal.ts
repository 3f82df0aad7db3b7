import * as vscode from 'vscode';
import { Limiter } from '../../base/limiter.ts';
import type { CommandLine } from '../../exec/commandLine.ts';
import { LineSplitter } from '../../terminal/lineSplitter.ts';
import { colouredLine } from '../../terminal/lineText.ts';
import { dim, resetTerminal } from '../../terminal/sequences.ts';
import { endedName, exitText, secondsText } from '../messages/commandEnds.ts';
import { damagedOutputText } from '../messages/remoteShells.ts';
import { tabStopWidth } from '../settings.ts';
import {
  runInContainer,
  type CommandEnd,
  type CommandServices,
  type CommandTarget,
} from './containerCommand.ts';
import { containerLabels } from './containerLabels.ts';
import { PacedScreen } from './pacedScreen.ts';
import { red, shownStreams } from './shownStreams.ts';

/** What a terminal runs: one command line, side by side in each of the containers. */
export interface CommandRun {
  readonly targets: readonly CommandTarget[];
  readonly command: CommandLine;
  /** The terminal's name while it runs. */
  readonly name: string;
}

/** In so many containers it runs at a time. */
const sideBySide = 8;

/**
 * Runs a command line in containers and shows its output, errors in red, and how it ended. Of several containers each line
 * begins with the container's name, and a table of the exit codes comes last. Ctrl-C cancels; Enter runs it again.
 */
export class CommandTerminal implements vscode.Pseudoterminal {
  private readonly screen = new PacedScreen((text) => this.type(text));
  readonly onDidWrite = this.screen.onDidWrite;
  private readonly renamed = new vscode.EventEmitter<string>();
  readonly onDidChangeName = this.renamed.event;
  private readonly run: CommandRun;
  private readonly services: CommandServices;
  private isClosed = false;
  private running: AbortController | undefined;

  constructor(run: CommandRun, services: CommandServices) {
    this.run = run;
    this.services = services;
  }

  open(dimensions: vscode.TerminalDimensions | undefined): void {
    this.screen.resize(dimensions);
    this.start();
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.screen.resize(dimensions);
  }

  handleInput(data: string): void {
    this.screen.input(data);
  }

  close(): void {
    this.isClosed = true;
    this.running?.abort();
    this.screen.dispose();
    this.renamed.dispose();
  }

  private type(text: string): void {
    if (this.running === undefined) {
      if (text.includes('\r')) {
        this.start();
      }
    } else if (text.includes('\x03')) {
      this.running.abort();
    }
  }

  private start(): void {
    this.running = new AbortController();
    void this.runAll(this.running.signal).finally(() => (this.running = undefined));
  }

  private async runAll(signal: AbortSignal): Promise<void> {
    const { targets, command, name } = this.run;
    this.renamed.fire(name);
    this.say(`$ ${command.shown}`);
    const limiter = new Limiter(sideBySide);
    const labels = containerLabels(targets);
    const ends = await Promise.all(
      targets.map((target, index) =>
        limiter
          .run(signal, () => this.runOne(target, labels[index], signal))
          .catch((): CommandEnd => ({ kind: 'cancelled' })),
      ),
    );
    if (this.isClosed) {
      return;
    }
    this.screen.output(`${resetTerminal(tabStopWidth())}\r\n`);
    const [end] = ends;
    if (end !== undefined && ends.length === 1) {
      this.sayEnd(end);
    } else {
      table(labels, ends).forEach((row) => this.screen.output(`${row}\r\n`));
      this.renamed.fire(vscode.l10n.t('ended: {0}', name));
    }
    this.say(vscode.l10n.t('Press Enter to run it again.'));
  }

  private runOne(target: CommandTarget, label: string | undefined, signal: AbortSignal): Promise<CommandEnd> {
    const streams =
      this.run.targets.length === 1
        ? shownStreams((text) => this.screen.output(text))
        : this.labelledStreams(label ?? '');
    const shown = { screen: this.screen, ...streams };
    return runInContainer(target, { line: this.run.command.line }, shown, signal, this.services);
  }

  private labelledStreams(label: string) {
    const stream = (shown: (line: string) => string) =>
      new LineSplitter((line) => this.screen.output(`${dim(label)} ${shown(colouredLine(line))}\r\n`));
    return { output: stream((line) => line), errors: stream(red) };
  }

  private sayEnd(end: CommandEnd): void {
    const { name } = this.run;
    if (end.kind === 'exited') {
      this.say(exitText(end.exitCode, end.tookMs));
      if (end.output === 'unchecked') {
        this.say(vscode.l10n.t('The image has no cksum or other tool to tell whether all output came.'));
      } else if (end.output === 'damaged') {
        this.screen.output(`${red(damagedOutputText())}\r\n`);
      }
      this.renamed.fire(endedName(end.exitCode, end.tookMs, name));
    } else {
      this.say(endText(end));
      this.renamed.fire(vscode.l10n.t('ended: {0}', name));
    }
  }

  private say(text: string): void {
    this.screen.output(`${dim(text)}\r\n`);
  }
}

function endText(end: Exclude<CommandEnd, { kind: 'exited' }>): string {
  return end.kind === 'failed' ? end.text : vscode.l10n.t('Cancelled.');
}

/** One row a container: its exit code and how long it took, or why there is none. */
function table(labels: readonly string[], ends: readonly CommandEnd[]): readonly string[] {
  const title = vscode.l10n.t('Exit code');
  const width = labels[0]?.length ?? 0;
  const head = `${vscode.l10n.t('Container').padEnd(width)}  ${title}  ${vscode.l10n.t('Time')}`;
  const rows = ends.map((end, index) => {
    const label = labels[index] ?? '';
    if (end.kind !== 'exited') {
      return `${label}  ${red('—'.padEnd(title.length))}  ${endText(end)}`;
    }
    const code = String(end.exitCode).padEnd(title.length);
    const row = `${label}  ${end.exitCode === 0 ? code : red(code)}  ${secondsText(end.tookMs)}`;
    return end.output === 'damaged' ? `${row}  ${damagedOutputText()}` : row;
  });
  return [dim(head.padEnd(width)), ...rows.map(colouredLine)];
}
