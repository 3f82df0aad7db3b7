import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { OutputDamaged } from '../../src/exec/remoteShell/errors.ts';
import type { RemoteEngine } from '../../src/exec/remoteShell/remoteEngine.ts';
import type { Random } from '../emulator/random.ts';
import { inTime, type FuzzCase } from './cases.ts';
import { FarEnd, type Io } from './farEnd.ts';
import { inFastTime } from './fastTime.ts';
import { kindOf } from './guard.ts';
import { hostileTexts, pick, randomBytes } from './mutations.ts';

/** Something to run, and what it does. */
interface Job {
  readonly kind: 'script' | 'read' | 'write' | 'run';
  readonly isRepeatable: boolean;
  readonly text: string;
  readonly output: Buffer;
  readonly errors: Buffer;
  readonly code: number;
  /** It takes for ever. */
  readonly hangs: boolean;
  runs: number;
  /** The input that has come. */
  got: Buffer;
}

function jobOf(random: Random): Job {
  return {
    kind: pick(random, ['script', 'read', 'write', 'run']),
    isRepeatable: random.below(2) === 0,
    text: pick(random, ['', 'a b\nc', ...hostileTexts])
      .replace(/\n+$/, '')
      .slice(0, 30_000),
    output: randomBytes(random, random.below(pick(random, [1, 100, 60_000]))),
    errors: randomBytes(random, random.below(200)),
    code: random.below(256),
    hangs: random.below(12) === 0,
    runs: 0,
    got: Buffer.alloc(0),
  };
}

const sourceOf = (number: number) => `: job-${number}`;

/** Work side by side in remote shells: each has the right result or an error in words, and nothing runs twice that must not. */
export const shells: FuzzCase = ({ random, server, count }) =>
  inFastTime(async () => {
    const jobs = Array.from({ length: 1 + random.below(5) }, () => jobOf(random));
    const far: FarEnd = new FarEnd(random, server, async (source, io) => {
      const job = jobs[Number(/: job-(\d+)/.exec(source)?.[1] ?? -1)];
      if (job === undefined) {
        return { text: far.said(''), code: 0 }; // it only waits until all output has come
      }
      job.runs++;
      if (job.hangs) {
        await io.line();
      }
      return perform(job, source, io, far);
    });
    const engine = far.engine();
    const cancelled = new AbortController();
    const all = Promise.all(
      jobs.map((job, number) =>
        run(engine, job, number, far, cancelled.signal).then(
          () => count(`${job.kind} of ${far.fault}`),
          (error: unknown) => {
            if (error instanceof assert.AssertionError) {
              throw error;
            }
            count(kindOf(error));
            assert.ok(far.fault !== 'none' || !(error instanceof OutputDamaged));
          },
        ),
      ),
    );
    await inTime(Promise.race([all, delay(random.below(600), undefined, { ref: false })]));
    cancelled.abort();
    await inTime(all);
    for (const { kind, runs, isRepeatable } of jobs) {
      assert.ok(runs <= (kind === 'script' && isRepeatable ? 2 : 1), `a ${kind} was run ${runs} times`);
    }
    engine.dispose();
    far.close();
  });

/** What a job does at the far end. */
async function perform(job: Job, source: string, io: Io, far: FarEnd) {
  const { kind, text, output, errors, code } = job;
  switch (kind) {
    case 'script':
      return { text: far.said(text), code };
    case 'read':
      io.raw(output);
      return { text: far.said(`${text}x${code} ${far.sumOf(output)}`), code: 0 };
    case 'write':
      io.askForInput();
      job.got = await io.take(output.length);
      return { text: far.said(`${far.sumOf(job.got)}\n${text}`), code: 0 };
    case 'run': {
      const [, terminal = ''] = /(?:tee|>)\s?(\/dev\/pts\/\d+)/.exec(source) ?? [];
      io.raw(output);
      io.rawTo(terminal, errors);
      return { text: far.said(`k123 x${code} ${far.sumOf(output)}\n${far.sumOf(errors)}`), code: 0 };
    }
  }
}

async function run(
  engine: RemoteEngine,
  job: Job,
  number: number,
  far: FarEnd,
  signal: AbortSignal,
): Promise<void> {
  const { kind, text, output, errors, code, isRepeatable } = job;
  const [got, gotErrors]: [Buffer[], Buffer[]] = [[], []];
  const isTrue = far.fault !== 'end';
  switch (kind) {
    case 'script': {
      const result = await engine.script(sourceOf(number), { signal, isRepeatable });
      if (isTrue) {
        assert.deepEqual([result.exitCode, result.text.toString()], [code, Buffer.from(text).toString()]);
      }
      return;
    }
    case 'read': {
      const onData = (data: Buffer) => got.push(Buffer.from(data));
      const result = await engine.read(sourceOf(number), { onData }, signal);
      if (isTrue) {
        assert.deepEqual([result.exitCode, result.errors], [code, Buffer.from(text).toString()]);
        assert.ok(!result.isChecked || Buffer.concat(got).equals(output), 'another output than was printed');
      }
      return;
    }
    case 'write': {
      const input = { length: output.length, read: () => [output] };
      const { isChecked } = await engine.write(sourceOf(number), input, signal);
      assert.ok(!isTrue || !isChecked || job.got.equals(output), 'another input than was sent');
      return;
    }
    case 'run': {
      const events = {
        onStdout: (data: Buffer) => got.push(Buffer.from(data)),
        onStderr: (data: Buffer) => gotErrors.push(Buffer.from(data)),
      };
      const result = await engine.run({ line: sourceOf(number) }, events, signal);
      if (isTrue) {
        assert.equal(result.exitCode, code);
        if (result.output === 'whole') {
          assert.ok(Buffer.concat(got).equals(output) && Buffer.concat(gotErrors).equals(errors));
        }
      }
    }
  }
}
