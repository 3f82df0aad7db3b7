import { captured } from './agent.ts';
import { checksumOf } from './checksum.ts';
import { OutputDamaged } from './errors.ts';
import type { FrameSizes } from './frameSizes.ts';
import { longestSilenceMs } from './readOutput.ts';
import type { Answer, RemoteShell } from './remoteShell.ts';

/** Bytes for a script. */
export interface Input {
  /** How many there are. */
  readonly length: number;
  /** All of them, in parts of any size; called once. */
  readonly read: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly onSent?: (bytes: number) => void;
}

/** How a script that took input ended. */
export interface WriteResult extends Answer {
  /** Whether the checksum that the script has printed is that of what was sent; it is not where the image has no tool. */
  readonly isChecked: boolean;
}

/** Largest part that is handed over at once, in bytes. */
const maxPart = 64 * 1024;

/**
 * Runs a script of our own that reads exactly `input.length` bytes from its standard input, and then prints the checksum of
 * what it has kept, as the shell's tool tells it, on its first line. What it does not read is thrown away, so that nothing
 * of it reaches the shell.
 * @throws {OutputDamaged} when something was lost or changed, {@link RemoteShellLost} when the shell is gone.
 */
export async function writeInput(
  shell: RemoteShell,
  script: string,
  { length, read, onSent }: Input,
  frames: FrameSizes,
  signal: AbortSignal,
): Promise<WriteResult> {
  const tool = shell.checksumTool;
  const sum = tool === undefined ? undefined : checksumOf(tool);
  const frame = frames.current;
  const send = async (wait: AbortSignal) => {
    let before: Promise<void> = Promise.resolve();
    for await (const data of read()) {
      sum?.update(data);
      for (let at = 0; at < data.length; at += maxPart) {
        const part = data.subarray(at, at + maxPart);
        await before;
        wait.throwIfAborted();
        before = shell.send(part, frame).then(() => onSent?.(part.length));
      }
    }
    await before;
  };
  // The shell that reads the requests must not see what a script leaves.
  const source = captured(
    `command -v head >/dev/null||exit 127;${shell.askForInput};head -c ${length} <&8|{ (${script});_s=$?;cat >/dev/null;exit $_s;}`,
  );
  const limits = { limitMs: Number.POSITIVE_INFINITY, silenceMs: longestSilenceMs };
  const answer = await shell.askWithInput(source, send, { signal, ...limits });
  const [line = ''] = answer.text.toString('latin1').split('\n', 1);
  const isRight = sum === undefined || line.split(' ', 1)[0] === sum.digest();
  if (answer.exitCode === 0) {
    frames.tell(isRight);
    if (!isRight) {
      shell.dispose(); // what is left of the input may be on its way yet
      throw new OutputDamaged();
    }
  }
  return { ...answer, isChecked: sum !== undefined };
}
