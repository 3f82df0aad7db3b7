// Measures the engine of remote shells, Exec and a bare client, one after the other; prints the figures.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { encodeCommandLine, plainCommandLine } from '../src/exec/commandLine.ts';
import { inputPace } from '../src/exec/input.ts';
import { RemoteEngine } from '../src/exec/remoteShell/remoteEngine.ts';
import { RemoteShell } from '../src/exec/remoteShell/remoteShell.ts';
import { ShellFallback } from '../src/exec/shellFallback.ts';
import { withShellIntegration } from '../src/exec/shellIntegration.ts';
import { FloodClock } from './flood.ts';
import { heldMemory } from './memory.ts';
import { BareClient, type BareTarget } from './peers/bareClient.ts';

export interface EngineProcessOptions {
  readonly bare: BareTarget;
  readonly rounds: number;
  readonly lines: number;
  readonly outputBytes: number;
}

/** Times in milliseconds. */
export interface EngineProcessFigures {
  /** A line and its answer. */
  readonly line: { readonly ours: readonly number[]; readonly bare: readonly number[] };
  /** To the first output: of a command, and of a shell, which is its prompt. */
  readonly first: {
    /** From the command line, with sessions that opened while it was typed. */
    readonly prepared: readonly number[];
    /** From nothing, as a task runs a command. */
    readonly cold: readonly number[];
    /** Exec's own session of bash, with shell integration. */
    readonly exec: readonly number[];
    readonly bare: readonly number[];
  };
  /** From the first byte of much output to the last. */
  readonly output: {
    readonly command: readonly number[];
    readonly read: readonly number[];
    readonly bare: readonly number[];
  };
  /** How far the memory grew that is held meanwhile by one whose output is taken slowly, at most, in bytes. */
  readonly heldGrowth: number;
  /** The longest that much output held up everything else, in each round. */
  readonly blocks: { readonly ours: readonly number[]; readonly bare: readonly number[] };
}

const {
  bare: target,
  rounds,
  lines,
  outputBytes,
} = JSON.parse(process.argv[2] ?? '') as EngineProcessOptions; // the parent's own
const never = new AbortController().signal;
const bare = new BareClient(target);
const statLine = 'stat -c %s /';
/** In the home of the container. */
const file = 'output';

const session = { connectTimeoutMs: 60_000, keepAliveMs: 0 };

function newEngine(): RemoteEngine {
  return new RemoteEngine((signal) =>
    RemoteShell.open({ ...session, signal, request: (command, size) => bare.request(command, size) }),
  );
}

async function firstOutput(engine: RemoteEngine): Promise<number> {
  const startedAt = performance.now();
  let took = 0;
  const onStdout = () => (took = performance.now() - startedAt);
  await engine.run({ line: 'echo hello' }, { onStdout, onStderr: () => undefined }, never);
  engine.dispose();
  return took;
}

async function preparedEngine(): Promise<RemoteEngine> {
  const engine = newEngine();
  await engine.prepare(never);
  return engine;
}

/** The prompt as Exec shows it, the mark of shell integration behind it. */
async function firstPrompt(): Promise<number> {
  const startedAt = performance.now();
  const ending = new AbortController();
  const shell = new ShellFallback({ ...session, pace: inputPace('Linux'), signal: ending.signal });
  let took = 0;
  let text = '';
  shell.onData((data) => {
    text += Buffer.from(data).toString();
    if (text.endsWith('# \x1b]633;B\x07')) {
      took = performance.now() - startedAt;
      ending.abort();
    }
  });
  await shell.run(
    [plainCommandLine('/bin/bash')],
    ({ line }) => bare.request(encodeCommandLine(line), { rows: 24, columns: 80 }),
    ({ line }) => withShellIntegration(line, 'nonce'),
  );
  return took;
}

/** Runs work and tells the longest that it held up everything else meanwhile, in milliseconds. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  // one for each time, as it would take the time that it was disabled for a delay
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await work();
  delays.disable();
  return delays.max / 1e6;
}

async function answers(engine: RemoteEngine): Promise<readonly number[]> {
  const times: number[] = [];
  for (let number = 0; number < lines; number++) {
    const startedAt = performance.now();
    await engine.script(statLine, { signal: never, isRepeatable: true });
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** Counts what comes and stops the clock at its end. */
function counter(): { readonly take: (data: Buffer) => void; readonly clock: FloodClock } {
  const clock = new FloodClock();
  let bytes = 0;
  const take = (data: Buffer) => {
    clock.start();
    bytes += data.length;
    if (bytes >= outputBytes) {
      clock.stop();
    }
  };
  return { take, clock };
}

async function output(engine: RemoteEngine): Promise<number> {
  const { take, clock } = counter();
  await engine.run({ line: `cat ${file}` }, { onStdout: take, onStderr: () => undefined }, never);
  return clock.tookMs;
}

async function read(engine: RemoteEngine): Promise<number> {
  const { take, clock } = counter();
  await engine.read(`cat ${file}`, { onData: take }, never);
  return clock.tookMs;
}

/** Takes a tenth, then nothing for a while, and looks at the memory; and so on. */
async function heldGrowth(engine: RemoteEngine): Promise<number> {
  const before = heldMemory();
  let most = 0;
  let bytes = 0;
  let next = outputBytes / 10;
  let resume: () => void = () => undefined;
  let pause: () => void = () => undefined;
  const onData = (data: Buffer) => {
    bytes += data.length;
    if (bytes >= next) {
      next += outputBytes / 10;
      pause();
      setTimeout(() => {
        most = Math.max(most, heldMemory() - before);
        resume();
      }, 200);
    }
  };
  const onStart = (flow: { pause(): void; resume(): void }) => {
    pause = () => flow.pause();
    resume = () => flow.resume();
  };
  await engine.read(`cat ${file}`, { onStart, onData }, never);
  return most;
}

const engine = newEngine();
await engine.script(`head -c ${outputBytes} /dev/urandom >${file}`, { signal: never, isRepeatable: true });
await firstOutput(newEngine()); // loads what is loaded once
const first = {
  prepared: [] as number[],
  cold: [] as number[],
  exec: [] as number[],
  bare: [] as number[],
};
const line = { ours: [] as number[], bare: [] as number[] };
const blocks = { ours: [] as number[], bare: [] as number[] };
const outputs = { command: [] as number[], read: [] as number[], bare: [] as number[] };
for (let round = 0; round < rounds; round++) {
  first.prepared.push(await firstOutput(await preparedEngine()));
  first.cold.push(await firstOutput(newEngine()));
  first.exec.push(await firstPrompt());
  first.bare.push(await bare.firstPromptWithoutGet('/bin/sh'));
  line.ours.push(...(await answers(engine)));
  line.bare.push(...(await bare.answers(statLine, lines)));
  const ours = async () => {
    outputs.command.push(await output(engine));
    outputs.read.push(await read(engine));
  };
  blocks.ours.push(await longestBlock(ours));
  blocks.bare.push(await longestBlock(async () => outputs.bare.push(await bare.cat(file, outputBytes))));
}
const figures: EngineProcessFigures = {
  ...{ first, line, output: outputs, blocks },
  heldGrowth: await heldGrowth(engine),
};
engine.dispose();
bare.close();
console.log(JSON.stringify(figures));
