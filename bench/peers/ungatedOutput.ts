import type { FlowControlEnds, FlowControl as Gated } from '../../src/terminal/flowControl.ts';

/** No flow control: takes the place of {@link Gated} in the bench's second build of the extension. */
export class FlowControl implements Pick<Gated, 'output' | 'notify' | 'askSize' | 'input' | 'dispose'> {
  private readonly ends: FlowControlEnds;

  constructor(ends: FlowControlEnds) {
    this.ends = ends;
  }

  output(text: string): void {
    this.ends.write(text);
  }

  notify(text: string): void {
    this.ends.write(text);
  }

  askSize(): void {
    // VS Code tells it
  }

  input(data: string): void {
    this.ends.type(data);
  }

  dispose(): void {
    // nothing is held
  }
}
