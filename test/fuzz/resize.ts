import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { LiveResize } from '../../src/exec/liveResize.ts';
import { ProbeFilter } from '../../src/exec/probe.ts';
import { inTime, type FuzzCase } from './cases.ts';
import { FarEnd } from './farEnd.ts';
import { inFastTime } from './fastTime.ts';
import { damaged, hostileTexts, pick } from './mutations.ts';

/** Sizes that come at random: the session's terminal gets the last one, or it is said once that it is fixed. */
export const resize: FuzzCase = ({ random, server, count }) =>
  inFastTime(async () => {
    const filter = new ProbeFilter();
    let real = { rows: 24, columns: 80 };
    let scripts = 0;
    const terminal = random.below(20);
    const far: FarEnd = new FarEnd(random, server, (source) => {
      scripts++;
      const [, token] = /' ([0-9a-f]{32}) /.exec(source) ?? [];
      if (token !== undefined) {
        const probe = Buffer.from(
          `text\x1b]7791;${token};${far.isTrouble(5) ? random.below(2 ** 31) : terminal}\x1b\\more`,
        );
        const output = far.isTrouble(5) ? damaged(random, probe) : probe;
        const cut = random.below(output.length);
        filter.filter(Buffer.from(pick(random, hostileTexts).slice(0, 500)));
        filter.filter(output.subarray(0, cut));
        filter.filter(output.subarray(cut));
        return Promise.resolve({ text: far.said(''), code: 0 });
      }
      const [, number, rows, columns] = /pts\/(\d+) rows (\d+) cols (\d+)/.exec(source) ?? [];
      if (Number(number) === terminal) {
        real = { rows: Number(rows), columns: Number(columns) };
      }
      return Promise.resolve({ text: far.said(`${rows} ${columns}`), code: 0 });
    });
    const engine = far.engine();
    const ended = new AbortController();
    let fixed = 0;
    let reason = '';
    const size = () => ({ rows: 1 + random.below(60), columns: 1 + random.below(200) });
    const live = new LiveResize(
      real,
      { engine, signal: ended.signal, onProbe: filter.onProbe },
      (_size, why) => {
        fixed++;
        reason = why;
      },
    );
    let wanted = real;
    for (let step = random.below(12); step >= 0; step--) {
      wanted = size();
      live.resize(wanted);
      await delay(random.below(8));
    }
    const isThere = () => fixed > 0 || (real.rows === wanted.rows && real.columns === wanted.columns);
    const isSure = far.fault === 'none';
    const arrived = (async () => {
      for (let waited = 0; waited < (isSure ? 2_000 : 100) && !isThere(); waited++) {
        await delay(5);
      }
    })();
    await inTime(arrived);
    assert.ok(!isSure || isThere(), 'neither resized nor fixed');
    ended.abort();
    const before = scripts;
    live.resize(size());
    await delay(10);
    assert.ok(
      fixed <= 1 && scripts - before <= 1,
      `${fixed} times fixed, ${scripts - before} scripts after the end`,
    );
    assert.ok(reason.length < 1_000);
    count(fixed > 0 ? `fixed of ${far.fault}` : `resized of ${far.fault}`);
    engine.dispose();
    far.close();
  });
