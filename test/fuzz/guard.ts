import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AzureError } from '../../src/azure/errors.ts';
import { OutputDamaged, RemoteShellLost, RemoteShellUnavailable } from '../../src/exec/remoteShell/errors.ts';
import { FileError } from '../../src/files/errors.ts';
import { isCancellation } from '../../src/base/cancellation.ts';
import { explain } from '../support/vscode.ts';

/** The longest that one turn of the event loop may keep the processor, in milliseconds. */
const longestTurnMs = 50;

/** What went wrong besides a case's own failure. */
const strays: string[] = [];
process.on('unhandledRejection', (reason) => strays.push(`unhandled rejection: ${describe(reason)}`));
process.on('uncaughtException', (error) => strays.push(`uncaught: ${describe(error)}`));
process.on('warning', ({ name, message }) => {
  if (name !== 'ExperimentalWarning') {
    strays.push(`${name}: ${message}`);
  }
});

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs work turn by turn; returns the most processor time of one turn, in milliseconds. */
export async function guarded(work: Promise<void>): Promise<number> {
  let longest = 0;
  const state = { isOver: false };
  const end = work.finally(() => (state.isOver = true));
  end.catch(() => undefined); // it is awaited below
  let before = process.threadCpuUsage();
  while (!state.isOver) {
    await setImmediate();
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    longest = Math.max(longest, (user + system) / 1_000);
  }
  await end;
  await setImmediate(); // a rejection that nobody handles is told in the next turn
  const found = strays.splice(0);
  assert.deepEqual(found, []);
  return longest;
}

export function isBlock(turnMs: number): boolean {
  return turnMs > longestTurnMs;
}

/** Words of Node, of JavaScript and of markup, which no user should have to read. */
const rawWords =
  /undefined|\bnull\b|NaN|not a function|not iterable|Cannot read|in JSON|Unexpected token|\[object |<html|DOCTYPE|ERR_[A-Z]+_|Invalid URL/;

/** What kind of end an error is; fails where it is none of ours, or has no words of ours. */
export function kindOf(error: unknown): string {
  if (isCancellation(error)) {
    return 'cancelled';
  }
  if (ownErrors.some((kind) => error instanceof kind)) {
    expectWords(explain(error), error instanceof FileError ? [error.path, error.detail] : []);
    return error instanceof FileError ? `FileError ${error.problem}` : (error as Error).name; // of one of these classes
  }
  assert.ok(error instanceof AzureError, `no AzureError: ${describe(error)}`);
  const { problem } = error;
  // Ours has no cause; one with a cause is an error that nobody has thought of.
  assert.ok(problem.kind !== 'unexpected' || error.cause === undefined, describe(error.cause));
  expectWords(explain(error), 'detail' in problem ? [problem.detail] : []);
  return problem.kind;
}

/** Errors that have words of their own. */
const ownErrors = [OutputDamaged, RemoteShellLost, RemoteShellUnavailable, FileError];

/** The words of the service and of the container, which are in `quoted`, are their own. */
function expectWords(text: string, quoted: readonly string[]): void {
  const words = quoted.filter(Boolean).reduce((rest, quote) => rest.replace(quote, ''), text);
  assert.doesNotMatch(words, rawWords);
  assert.ok(text.length < 10_000, `${text.length} characters`);
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // what the flag adds

/** What is held once all that is garbage is gone. */
export async function held(): Promise<{ readonly heap: number; readonly resources: number }> {
  for (let round = 0; round < 3; round++) {
    collect();
    await setImmediate();
  }
  const kept = process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
  return { heap: process.memoryUsage().heapUsed, resources: kept.length };
}
