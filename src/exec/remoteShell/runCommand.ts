import { onAbort } from '../../base/cancellation.ts';
import { timerMs } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposableStore.ts';
import { captured } from './agent.ts';
import { CheckedStream } from './checkedStream.ts';
import { commandSource, type CommandSignal, type ShellCommand } from './commandSource.ts';
import { OutputDamaged, RemoteShellLost } from './errors.ts';
import type { RemoteShell } from './remoteShell.ts';

/** Holds output back and lets it go on. What is held back waits at the far end, not in memory. */
export interface OutputFlow {
  pause(): void;
  resume(): void;
}

/** What a running command tells. */
export interface CommandEvents {
  /** It is about to start; `flow` holds until its end. */
  readonly onStart?: (flow: OutputFlow) => void;
  /** Bytes, cut anywhere. */
  readonly onStdout: (data: Buffer) => void;
  readonly onStderr: (data: Buffer) => void;
}

/** Whether what came is what was printed: not known where the image has no `tee` or no checksum tool. */
export type OutputCheck = 'whole' | 'unchecked' | 'damaged';

/** How a command ended. */
export interface CommandResult {
  /** As a shell tells it: 128 and the number of the signal that ended the command. */
  readonly exitCode: number;
  readonly output: OutputCheck;
}

/** How long a command has to end after a signal, in milliseconds. */
const graceMs = 2_000;

/** The signals that cancel a command, in turn. */
const signals: readonly CommandSignal[] = ['INT', 'TERM', 'KILL'];

/** The longest wait for the end of the errors' stream once the command has ended, in milliseconds. */
const flushMs = 30_000;

/**
 * Runs a command in `shell` and takes its errors from the terminal of `errorShell`. When the signal is aborted, the command
 * gets INT, TERM and KILL in turn, and its result is what became of it.
 * @throws {OutputDamaged} when its answer was lost or changed, {@link RemoteShellLost} when its shell is gone.
 */
export async function runCommand(
  shell: RemoteShell,
  errorShell: RemoteShell,
  command: ShellCommand,
  { onStart, onStdout, onStderr }: CommandEvents,
  signal: AbortSignal,
): Promise<CommandResult> {
  signal.throwIfAborted();
  const tool = shell.checksumTool;
  const output = new CheckedStream(tool, onStdout);
  const errors = new CheckedStream(tool, onStderr);
  const shells = [shell, errorShell];
  const flow: OutputFlow = {
    pause: () => shells.forEach((each) => each.pause()),
    resume: () => shells.forEach((each) => each.resume()),
  };
  shell.onRaw = (data) => output.take(data);
  errorShell.onRaw = (data) => errors.take(data);
  onStart?.(flow);
  const cancelling = cancelOnAbort(signal, shell, flow);
  try {
    const never = new AbortController().signal;
    const source = commandSource(command, { errorTerminal: errorShell.terminal, tool });
    const { text } = await shell.ask(source, { signal: never, limitMs: Number.POSITIVE_INFINITY });
    // Its answer comes after all that was printed to its terminal before.
    const isFlushed = await errorShell.ask(captured(':'), { signal: never, limitMs: flushMs }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof RemoteShellLost || error instanceof OutputDamaged) {
          return false; // the command has ended all the same
        }
        throw error;
      },
    );
    const { exitCode, outputSum, errorSum } = readAnswer(text);
    if (!isFlushed || !output.matches(outputSum) || !errors.matches(errorSum)) {
      return { exitCode, output: 'damaged' };
    }
    return { exitCode, output: tool === undefined ? 'unchecked' : 'whole' };
  } finally {
    cancelling.dispose();
    flow.resume();
    shells.forEach((each) => (each.onRaw = () => undefined));
  }
}

/** The longest answer that makes sense. */
const maxAnswer = 1_000;

/** @throws {OutputDamaged} for an answer that is none of ours. */
export function readAnswer(text: Buffer) {
  const [states = '', errorSum = ''] = text.toString('latin1', 0, maxAnswer).split('\n');
  const [, code, outputSum = ''] = /(?:^| )x(\d{1,3}) (.*)$/.exec(states) ?? [];
  if (code === undefined) {
    throw new OutputDamaged();
  }
  return { exitCode: Number(code), outputSum, errorSum };
}

/** Signals the command in turn; gives its shell up when even KILL did not end its output. */
function cancelOnAbort(signal: AbortSignal, shell: RemoteShell, flow: OutputFlow): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const listener = onAbort(signal, () => {
    flow.resume(); // its end would not be heard
    const next = ([name, ...rest]: readonly CommandSignal[]) => {
      if (name === undefined) {
        shell.dispose();
        return;
      }
      shell.write(name);
      timer = setTimeout(() => next(rest), timerMs(graceMs));
    };
    next(signals);
  });
  return {
    dispose: () => {
      listener.dispose();
      clearTimeout(timer);
    },
  };
}
