import type { GateEnds, OutputGate as Gate } from '../../src/exec/outputGate.ts';

/** No flow control: takes the place of {@link Gate} in the bench's second build of the extension. */
export class OutputGate implements Pick<Gate, 'output' | 'input' | 'dispose'> {
  private readonly ends: GateEnds;

  constructor(ends: GateEnds) {
    this.ends = ends;
  }

  output(text: string): void {
    this.ends.write(text);
  }

  input(data: string): void {
    this.ends.type(data);
  }

  dispose(): void {
    // nothing is held
  }
}
