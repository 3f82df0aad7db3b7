import { CheckedStream } from './checkedStream.ts';
import { readSource } from './commandSource.ts';
import { OutputDamaged } from './errors.ts';
import type { RemoteShell } from './remoteShell.ts';
import type { OutputFlow } from './runCommand.ts';

/** What a script that is read tells. */
export interface ReadEvents {
  /** It is about to start; `flow` holds until its end. */
  readonly onStart?: (flow: OutputFlow) => void;
  /** Bytes, cut anywhere; known to be right once the script has ended. */
  readonly onData: (data: Buffer) => void;
  /** The longest silence, in milliseconds; a minute without it. */
  readonly silenceMs?: number;
}

/** The longest silence of a container that reads or writes a file, in milliseconds. */
export const longestSilenceMs = 60_000;

/** How a script that was read ended. */
export interface ReadResult {
  readonly exitCode: number;
  /** What it printed as errors. */
  readonly errors: string;
  /** Whether what came is known to be what was printed, see {@link CommandResult}. */
  readonly isChecked: boolean;
}

/**
 * Runs a script of our own, without input, and passes on its raw output: any bytes, as fast as the connection is. Aborting
 * the signal gives the shell up, and the kernel hangs the script up with it.
 * @throws {OutputDamaged} when something was lost or changed, {@link RemoteShellLost} when the shell is gone.
 */
export async function readOutput(
  shell: RemoteShell,
  script: string,
  { onStart, onData, silenceMs = longestSilenceMs }: ReadEvents,
  signal: AbortSignal,
): Promise<ReadResult> {
  const tool = shell.checksumTool;
  const output = new CheckedStream(tool, onData);
  shell.onRaw = (data) => output.take(data);
  onStart?.(shell);
  try {
    const limitMs = Number.POSITIVE_INFINITY;
    const { text } = await shell.ask(readSource(script, tool), { signal, limitMs, silenceMs });
    const [, errors = '', code, sum = ''] = /^(.*)x(\d{1,3}) (.*)$/s.exec(text.toString()) ?? [];
    if (code === undefined || !output.matches(sum)) {
      throw new OutputDamaged();
    }
    return { exitCode: Number(code), errors, isChecked: tool !== undefined };
  } finally {
    shell.resume();
    shell.onRaw = () => undefined;
  }
}
