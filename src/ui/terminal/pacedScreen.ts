import type { Disposable } from '../../base/disposableStore.ts';
import { Emitter } from '../../base/emitter.ts';
import type { OutputFlow } from '../../exec/remoteShell/runCommand.ts';
import type { TerminalDimensions } from '../../terminal/dimensions.ts';
import { FlowControl } from '../../terminal/flowControl.ts';
import { scrollback } from '../settings.ts';

/** What a terminal shows whose output can wait where it comes from, while the terminal has not come as far. */
export class PacedScreen implements Disposable {
  private readonly written = new Emitter<string>();
  readonly onDidWrite = this.written.event;
  private readonly sources = new Set<OutputFlow>();
  /** Pending while the terminal is not ready for more. */
  private room: PromiseWithResolvers<undefined> | undefined;
  private rows = 24;
  private readonly flow: FlowControl;

  /** `onType` takes what is typed. */
  constructor(onType: (text: string) => void) {
    this.flow = new FlowControl({
      write: (text) => this.written.fire(text),
      type: onType,
      sized: () => undefined,
      pause: () => {
        this.room ??= Promise.withResolvers();
        this.sources.forEach((source) => source.pause());
      },
      resume: () => {
        this.makeRoom();
        this.sources.forEach((source) => source.resume());
      },
      linesKept: () => scrollback() + 2 * this.rows,
    });
  }

  /** The terminal's size; undefined where it is not known yet. */
  resize(dimensions: TerminalDimensions | undefined): void {
    this.rows = dimensions?.rows ?? this.rows;
  }

  /** Takes what VS Code tells that was typed, with the terminal's own answers in it. */
  input(data: string): void {
    this.flow.input(data);
  }

  output(text: string): void {
    this.flow.output(text);
  }

  /** Has a source of output wait for the terminal, until the result is disposed. */
  pace(source: OutputFlow): Disposable {
    this.sources.add(source);
    if (this.room !== undefined) {
      source.pause();
    }
    return { dispose: () => this.sources.delete(source) };
  }

  /** Resolves once the terminal is ready for more, or closed. */
  async ready(): Promise<void> {
    await this.room?.promise;
  }

  dispose(): void {
    this.makeRoom();
    this.flow.dispose();
    this.written.dispose();
  }

  private makeRoom(): void {
    this.room?.resolve(undefined);
    this.room = undefined;
  }
}
