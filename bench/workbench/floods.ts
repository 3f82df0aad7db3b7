import type { Emulator } from '../../test/emulator/emulator.ts';
import type { Workbench } from '../../test/ui/workbench.ts';
import { HostMemory } from './hostMemory.ts';
import { inWorkbench, interruptMs, openTerminal, outputMs } from './workbench.ts';

export interface WorkbenchOptions {
  /** The folders of the extension and of its build without flow control. */
  readonly extension: string;
  readonly ungated: string;
  /** Comes first: it loads what is kept, and fills the young generation of the extension host with garbage. */
  readonly warmUpBytes: number;
  readonly outputBytes: number;
  readonly outputRounds: number;
  readonly heldBytes: number;
  readonly interruptRounds: number;
  readonly ungatedInterruptRounds: number;
  readonly floodMs: number;
  /** How long a prompt is waited for, in milliseconds. */
  readonly interruptLimitMs: number;
  readonly floods: readonly FloodName[];
  /** Those of them that the terminal without flow control is measured in, too. */
  readonly ungatedFloods: readonly FloodName[];
}

/** Times in milliseconds, memory in bytes; `ungated` is the same terminal without flow control. */
export interface WorkbenchFigures {
  readonly output: Sides<readonly number[]>;
  /** How far the resident memory of the extension host grew at most, with garbage. */
  readonly residentGrowth: Sides<readonly number[]>;
  /** How far the memory grew at most that the extension host held. */
  readonly heldGrowth: Sides<number>;
  readonly interrupt: Sides<Readonly<Interrupts>>;
}

interface Sides<T> {
  readonly ours: T;
  readonly ungated: T;
}

type Interrupts = Partial<Record<FloodName, readonly number[]>>;

export type FloodName = keyof typeof floods;

/** What is printed before Ctrl-C, by a real shell. */
export const floods = {
  'short lines': 'yes',
  'wide lines': "yes $(printf 'wide %.0s' $(seq 100))",
  'coloured output': "yes $'\\e[31mred \\e[1;32mgreen \\e[38;5;200mpink \\e[48;2;1;2;3mdark \\e[0m 你好 🚀'",
  'cursor movements': "yes $'\\e[A\\e[2Kprogress 42% of the thing'",
  'colours without a reset':
    "yes $'\\e[31merror\\e[39m in \\e[44mmain.c\\e[49m: \\e[1mundefined\\e[22m name \\e[35mx\\e[39m'",
  'coloured backgrounds':
    "yes \"$(for c in $(seq 16 55); do printf '\\e[48;5;%dm \\e[48;2;%d;80;160m ' $c $c; done; printf '\\e[49m')\"",
  links: "yes $'\\e]8;;https://example.com/orders/4711\\e\\\\order 4711\\e]8;;\\e\\\\ has been sent'",
  'a progress bar': "yes $'\\r[##########----------] 50% 12.4 MB/s 00:42' | tr -d '\\n'",
  'ls --color -R': 'yes "$(ls -C --color=always -R / 2>/dev/null | head -c 100000)"',
} as const;

/** What a person sees: the terminal in the workbench, parsed and drawn by xterm.js. */
export async function measureWorkbench(
  emulator: Emulator,
  options: WorkbenchOptions,
): Promise<WorkbenchFigures> {
  const output = { ours: [] as number[], ungated: [] as number[] };
  const residentGrowth = { ours: [] as number[], ungated: [] as number[] };
  const heldGrowth = { ours: 0, ungated: 0 };
  const interrupt = { ours: {} as Interrupts, ungated: {} as Interrupts };
  const { extension, ungated } = options;
  for (let round = 0; round < options.outputRounds; round++) {
    for (const [side, folder] of [
      ['ours', extension],
      ['ungated', ungated],
    ] as const) {
      await inWorkbench(folder, emulator, async (workbench) => {
        await outputOf(workbench, options.warmUpBytes);
        const memory = new HostMemory();
        const before = memory.resident();
        output[side].push(await outputOf(workbench, options.outputBytes));
        residentGrowth[side].push(memory.peakResident() - before);
        if (round === 0) {
          heldGrowth[side] = await memory.heldGrowth(() => outputOf(workbench, options.heldBytes));
        }
      });
    }
  }
  for (const [side, folder, rounds, names] of [
    ['ours', extension, options.interruptRounds, options.floods],
    ['ungated', ungated, options.ungatedInterruptRounds, options.ungatedFloods],
  ] as const) {
    for (const name of names) {
      interrupt[side][name] = await inWorkbench(folder, emulator, (workbench) =>
        interrupts(workbench, floods[name], rounds, options),
      );
    }
  }
  return { output, residentGrowth, heldGrowth, interrupt };
}

async function outputOf(workbench: Workbench, bytes: number): Promise<number> {
  await openTerminal(workbench, `firehose ${bytes}`);
  const tookMs = await outputMs(workbench.page);
  await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
  return tookMs;
}

async function interrupts(workbench: Workbench, command: string, rounds: number, options: WorkbenchOptions) {
  await openTerminal(workbench, '/bin/bash');
  await workbench.terminal.getByText('SandboxHost').waitFor();
  const times: number[] = [];
  let tookMs = 0;
  // A terminal that has not come back to its prompt takes no further command.
  while (times.length < rounds && tookMs < options.interruptLimitMs) {
    await workbench.type(command);
    await new Promise((resolve) => setTimeout(resolve, options.floodMs));
    tookMs = await interruptMs(workbench.page, options.interruptLimitMs);
    times.push(tookMs);
  }
  return times;
}
