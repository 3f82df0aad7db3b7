import { rm } from 'node:fs/promises';
import pty from 'node-pty';
import { signInAzureCli, type AzureCliSignIn } from '../../test/emulator/azureCli.ts';
import type { Emulator } from '../../test/emulator/emulator.ts';
import { pauseAfterKey, promptAtEnd } from './bareClient.ts';

export interface AzureCliOptions {
  readonly resourceGroup: string;
  readonly group: string;
  readonly promptRounds: number;
  readonly keys: number;
}

/** Times in milliseconds. */
export interface AzureCliFigures {
  readonly prompt: readonly number[];
  readonly echo: readonly number[];
}

/** How long the CLI may take for one thing, in milliseconds. */
const waitMs = 60_000;

/** `az container exec` under a PTY, signed in beforehand. */
export async function measureAzureCli(
  emulator: Emulator,
  options: AzureCliOptions,
): Promise<AzureCliFigures> {
  const signIn = await signInAzureCli(emulator);
  try {
    const prompt: number[] = [];
    for (let round = 0; round < options.promptRounds; round++) {
      const startedAt = performance.now();
      const session = start(signIn, options, '/bin/bash');
      await session.seen(promptAtEnd);
      prompt.push(performance.now() - startedAt);
      await session.end();
    }
    return { prompt, echo: await echoes(signIn, options) };
  } finally {
    await rm(signIn.folder, { recursive: true, force: true });
  }
}

async function echoes(signIn: AzureCliSignIn, options: AzureCliOptions): Promise<readonly number[]> {
  const session = start(signIn, options, '/bin/sh');
  await session.seen(promptAtEnd);
  const times: number[] = [];
  for (let key = 0; key < options.keys; key++) {
    const startedAt = performance.now();
    session.type('x');
    await session.seen(/x/);
    times.push(performance.now() - startedAt);
    await pauseAfterKey();
  }
  await session.end();
  return times;
}

function start({ env }: AzureCliSignIn, { resourceGroup, group }: AzureCliOptions, command: string) {
  const args = [
    'container',
    'exec',
    '--resource-group',
    resourceGroup,
    '--name',
    group,
    '--exec-command',
    command,
  ];
  const process = pty.spawn('az', args, { cols: 80, rows: 24, env });
  const exited = new Promise<void>((resolve) => process.onExit(() => resolve()));
  let text = '';
  let onText: () => void = () => undefined;
  process.onData((data) => {
    text += data;
    onText();
  });
  return {
    type: (data: string) => process.write(data),
    /** Waits until what has come since the last time matches. */
    seen: (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const fail = (what: string) => reject(new Error(`az ${what} before ${String(pattern)}: ${text}`));
        const timer = setTimeout(() => fail('took too long'), waitMs);
        onText = () => {
          if (pattern.test(text)) {
            clearTimeout(timer);
            text = '';
            onText = () => undefined;
            resolve();
          }
        };
        void exited.then(() => fail('ended'));
        onText();
      }),
    end: async () => {
      process.kill('SIGKILL');
      await exited;
    },
  };
}
