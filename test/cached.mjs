// Runs Node with the arguments that are given and with a cache of what it compiles: each test file is a process of its own,
// and would strip the types of all that it imports once more.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const cache = path.resolve(import.meta.dirname, '../.cache/compiled');
/** A test that fails may leave what keeps its file running for ever; where it is ended at once, reports of tests get lost. */
const limitMs = 15 * 60_000;
const { status, error } = spawnSync(process.execPath, process.argv.slice(2), {
  env: { ...process.env, NODE_COMPILE_CACHE: cache },
  stdio: 'inherit',
  timeout: limitMs,
});
if (error !== undefined) {
  console.error(`✖ ${process.argv.slice(2).join(' ')}: ${error.message}`);
}
process.exitCode = status ?? 1;
