import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { Random } from '../emulator/random.ts';
import { answers } from './answers.ts';
import type { FuzzCase } from './cases.ts';
import { clocks } from './clocks.ts';
import { files } from './files.ts';
import { execTerminals } from './execTerminals.ts';
import { describe, guarded, held, isBlock } from './guard.ts';
import { inventory } from './inventory.ts';
import { logs } from './logs.ts';
import { ports } from './ports.ts';
import { resize } from './resize.ts';
import { startServer } from './server.ts';
import { sessions } from './sessions.ts';
import { shells } from './shells.ts';
import { terminals } from './terminals.ts';

const allKinds: readonly (readonly [name: string, run: FuzzCase])[] = Object.entries({
  answers,
  inventory,
  sessions,
  terminals,
  execTerminals,
  clocks,
  shells,
  files,
  ports,
  resize,
  logs,
});

/** A turn that is too long counts where it is so as often: what else the machine does may come in between once. */
const attempts = 3;

/** How much may be held after all cases beyond what was after the first ones, in bytes. */
const growthLimit = 24 * 1024 * 1024;

/** After so many cases all that is loaded on first use is there. */
const warmUpCases = 40;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string' },
    case: { type: 'string' },
    kind: { type: 'string' },
  },
});
/** All kinds of cases take turns, or there is one only. */
const kinds = allKinds.filter(([name]) => values.kind === undefined || name === values.kind);
const kindOption = values.kind === undefined ? '' : ` --kind ${values.kind}`;
/** A change of something else must not meet a new case by chance where it is checked. */
const seed = Number(values.seed ?? (process.env['CI'] === undefined ? Date.now() % 1_000_000 : 1));
const seconds = Number(values.seconds ?? 60);
const only = values.case === undefined ? undefined : Number(values.case);

const server = await startServer();
const ends = new Map<string, number>();
let longestMs = 0;

/** The same numbers for the same seed and number, whatever ran before. */
async function run(number: number): Promise<void> {
  const [name, fuzz] = kinds[number % kinds.length] ?? assert.fail();
  const count = (end: string) => ends.set(`${name}: ${end}`, (ends.get(`${name}: ${end}`) ?? 0) + 1);
  let shortest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const random = new Random(seed * 1_000_003 + number);
    shortest = Math.min(
      shortest,
      await guarded(fuzz({ random, server, count: attempt === 0 ? count : () => undefined })),
    );
    if (number < warmUpCases || !isBlock(shortest)) {
      break;
    }
  }
  longestMs = number < warmUpCases ? longestMs : Math.max(longestMs, shortest);
  assert.ok(number < warmUpCases || !isBlock(shortest), `a turn of ${shortest.toFixed(0)} ms`);
}

const start = performance.now();
const failures: number[] = [];
let early: Awaited<ReturnType<typeof held>> | undefined;
let number = only ?? 0;
for (; only === undefined ? performance.now() - start < seconds * 1_000 : number === only; number++) {
  try {
    await run(number);
  } catch (error) {
    failures.push(number);
    console.error(
      `✖ case ${number} (npm run test:fuzz -- --seed ${seed}${kindOption} --case ${number}): ${describe(error)}`,
    );
    if (failures.length >= 10) {
      break;
    }
  }
  if (number === 2 * warmUpCases) {
    early = await held();
  }
}
const late = await held();
await server.close();
const tookSeconds = ((performance.now() - start) / 1_000).toFixed(0);
console.log(
  `${number - (only ?? 0)} cases in ${tookSeconds} s with seed ${seed}; the longest turn took ${longestMs.toFixed(1)} ms`,
);
for (const [end, count] of [...ends].toSorted()) {
  console.log(`  ${end}: ${count}`);
}
if (early !== undefined) {
  const growth = late.heap - early.heap;
  console.log(
    `  held more than at first: ${(growth / 1024 / 1024).toFixed(1)} MB, ${late.resources - early.resources} timers`,
  );
  if (growth > growthLimit || late.resources > early.resources + 10) {
    failures.push(-1);
    console.error('✖ what is held grows');
  }
}
process.exit(failures.length === 0 ? 0 : 1);
