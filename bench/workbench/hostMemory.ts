import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { extensionHosts, parentOf } from '../../test/host/extensionHosts.ts';

/** Where a Node process listens for a debugger after SIGUSR1. */
const inspectorUrl = 'http://127.0.0.1:9229/json';

const waitMs = 10_000;
const pauseMs = 50;

/** The memory of this process's one VS Code extension host, in bytes; Linux and the host's inspector tell it. */
export class HostMemory {
  private readonly pid = hostOfThisProcess();

  /** What is resident now; the peak starts anew. */
  resident(): number {
    writeFileSync(`/proc/${this.pid}/clear_refs`, '5');
    return this.read('VmRSS');
  }

  peakResident(): number {
    return this.read('VmHWM');
  }

  /** How far the memory grew at most that was held, sampled until the work is done. */
  async heldGrowth(work: () => Promise<unknown>): Promise<number> {
    const inspector = await Inspector.open(this.pid);
    try {
      const before = await inspector.heldMemory();
      let peak = before;
      const state = { done: false };
      const sample = async () => {
        while (!state.done) {
          peak = Math.max(peak, await inspector.heldMemory());
          await wait(pauseMs);
        }
      };
      await Promise.all([work().finally(() => (state.done = true)), sample()]);
      return peak - before;
    } finally {
      inspector.close();
    }
  }

  private read(field: string): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return 1024 * Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1]);
  }
}

/** A debugger's connection to a Node process. */
class Inspector {
  private readonly socket: WebSocket;
  private id = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
  }

  static async open(pid: number): Promise<Inspector> {
    process.kill(pid, 'SIGUSR1');
    const socket = new WebSocket(await debuggerUrl());
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    const inspector = new Inspector(socket);
    if ((await inspector.evaluate('process.pid')) !== pid) {
      inspector.close();
      throw new Error(`another process than the extension host answers at ${inspectorUrl}: end it first`);
    }
    return inspector;
  }

  /** What a garbage collection leaves of the heap and of buffers. */
  async heldMemory(): Promise<number> {
    await this.call('HeapProfiler.collectGarbage');
    await this.call('HeapProfiler.collectGarbage'); // the first one's buffers are counted until they are freed
    return this.evaluate('(({ heapUsed, arrayBuffers }) => heapUsed + arrayBuffers)(process.memoryUsage())');
  }

  close(): void {
    this.socket.terminate();
  }

  private async evaluate(expression: string): Promise<number> {
    const { result } = (await this.call('Runtime.evaluate', { expression })) as {
      readonly result: { readonly value: number };
    }; // as the protocol says, for an expression that is a number
    return result.value;
  }

  /** One call at a time. */
  private call(method: string, params = {}): Promise<unknown> {
    const id = ++this.id;
    return new Promise((resolve, reject) => {
      const answered = (data: Buffer) => {
        const answer = JSON.parse(data.toString()) as { readonly id?: number; readonly result?: unknown }; // as the protocol says
        if (answer.id === id) {
          this.socket.off('message', answered).off('close', ended);
          clearTimeout(timer);
          resolve(answer.result);
        }
      };
      const ended = () => {
        clearTimeout(timer);
        reject(new Error(`the extension host gave no answer to ${method}`));
      };
      const timer = setTimeout(() => this.socket.terminate(), waitMs);
      this.socket.on('message', answered).on('close', ended);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

async function debuggerUrl(): Promise<string> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      const answer = await fetch(inspectorUrl);
      const [target] = (await answer.json()) as readonly { readonly webSocketDebuggerUrl: string }[]; // as Node documents
      return target?.webSocketDebuggerUrl ?? '';
    } catch (error) {
      if (performance.now() > deadline) {
        throw new Error(`the extension host's inspector does not answer at ${inspectorUrl}`, {
          cause: error,
        });
      }
      await wait(pauseMs);
    }
  }
}

function hostOfThisProcess(): number {
  const host = extensionHosts().find(({ parent }) => parentOf(parent) === process.pid);
  if (host === undefined) {
    throw new Error('no extension host runs below this process');
  }
  return host.pid;
}
