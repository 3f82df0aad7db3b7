import type { Emulator } from '../../test/emulator/emulator.ts';
import type { Workbench } from '../../test/ui/workbench.ts';
import { HostMemory, inWorkbench, interruptMs, openTerminal, outputMs } from './workbench.ts';

export interface WorkbenchOptions {
  /** The folders of the extension and of its build without flow control. */
  readonly extension: string;
  readonly ungated: string;
  readonly outputBytes: number;
  readonly outputRounds: number;
  readonly memoryBytes: number;
  readonly interruptRounds: number;
  readonly ungatedInterruptRounds: number;
  readonly floodMs: number;
  readonly floods: readonly FloodName[];
}

/** Times in milliseconds, memory in bytes; `ungated` is the same terminal without flow control. */
export interface WorkbenchFigures {
  readonly output: Sides<readonly number[]>;
  readonly growth: Sides<number>;
  readonly interrupt: Sides<Readonly<Partial<Record<FloodName, readonly number[]>>>>;
}

interface Sides<T> {
  readonly ours: T;
  readonly ungated: T;
}

export type FloodName = keyof typeof floods;

/** What is printed before Ctrl-C, by a real shell. */
const floods = {
  'short lines': 'yes',
  'wide lines': "yes $(printf 'wide %.0s' $(seq 100))",
  'coloured output': "yes $'\\e[31mred \\e[1;32mgreen \\e[38;5;200mpink \\e[48;2;1;2;3mdark \\e[0m 你好 🚀'",
} as const;

/** Longer than this nobody waits for a prompt, in milliseconds. */
const interruptLimitMs = 60_000;

/** What a person sees: the terminal in the workbench, parsed and drawn by xterm.js. */
export async function measureWorkbench(
  emulator: Emulator,
  options: WorkbenchOptions,
): Promise<WorkbenchFigures> {
  const output = { ours: [] as number[], ungated: [] as number[] };
  const growth = { ours: 0, ungated: 0 };
  const interrupt = { ours: {}, ungated: {} };
  const { extension, ungated } = options;
  for (let round = 0; round < options.outputRounds; round++) {
    for (const [side, folder] of [
      ['ours', extension],
      ['ungated', ungated],
    ] as const) {
      output[side].push(
        await inWorkbench(folder, emulator, (workbench) => outputOf(workbench, options.outputBytes)),
      );
    }
  }
  for (const [side, folder, rounds] of [
    ['ours', extension, options.interruptRounds],
    ['ungated', ungated, options.ungatedInterruptRounds],
  ] as const) {
    growth[side] = await inWorkbench(folder, emulator, async (workbench) => {
      await outputOf(workbench, 1_000_000); // what is loaded and kept once
      const memory = new HostMemory();
      const before = memory.now();
      await outputOf(workbench, options.memoryBytes);
      return memory.peak() - before;
    });
    interrupt[side] = await inWorkbench(folder, emulator, (workbench) =>
      interrupts(workbench, rounds, options),
    );
  }
  return { output, growth, interrupt };
}

async function outputOf(workbench: Workbench, bytes: number): Promise<number> {
  await openTerminal(workbench, `firehose ${bytes}`);
  const tookMs = await outputMs(workbench.page);
  await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
  return tookMs;
}

async function interrupts(
  workbench: Workbench,
  rounds: number,
  { floods: names, floodMs }: WorkbenchOptions,
) {
  await openTerminal(workbench, '/bin/bash');
  await workbench.terminal.getByText('SandboxHost').waitFor();
  const times: Partial<Record<FloodName, number[]>> = {};
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      await workbench.type(floods[name]);
      await new Promise((resolve) => setTimeout(resolve, floodMs));
      (times[name] ??= []).push(await interruptMs(workbench.page, interruptLimitMs));
      await workbench.type('clear');
    }
  }
  return times;
}
