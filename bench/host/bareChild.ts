import { fork, type ChildProcess } from 'node:child_process';
import type { BareTarget } from '../peers/bareClient.ts';
import type { BareCall } from '../peers/bareProcess.ts';

/** The bare client in a plain Node of the extension host's own version. */
export class BareChild {
  private readonly child: ChildProcess;

  constructor(file: string, target: BareTarget) {
    this.child = fork(file, [JSON.stringify(target)], { execArgv: [] });
  }

  /** Asks for one thing at a time; `T` is what the method of that name tells. */
  call<T>(call: BareCall): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) =>
        reject(new Error(`the bare client ended with ${code ?? 'a signal'}`));
      this.child.once('exit', ended);
      this.child.once('message', (result) => {
        this.child.off('exit', ended);
        resolve(result as T); // what bareProcess.ts sends for this method
      });
      this.child.send(call);
    });
  }

  close(): void {
    this.child.kill();
  }
}
