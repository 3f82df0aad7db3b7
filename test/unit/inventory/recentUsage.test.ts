import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RecentUsage, usageFreshMs } from '../../../src/inventory/recentUsage.ts';
import { cancellation } from '../../../src/base/cancellation.ts';

const { signal } = new AbortController();
const usage = { until: new Date(0), containers: [] };

describe('RecentUsage', () => {
  it('asks once a minute for each group, whatever the case of its id', async () => {
    let time = 0;
    let asked = 0;
    const recent = new RecentUsage(
      () => Promise.resolve((asked++, usage)),
      () => time,
    );
    const of = (id: string) => recent.of(id, signal, assert.ifError);
    assert.equal(asked, 0);
    assert.equal(await of('/a'), usage);
    assert.equal(await of('/A'), usage);
    assert.equal(asked, 1);
    time = usageFreshMs;
    await of('/a');
    await of('/b');
    assert.equal(asked, 3);
    recent.clear();
    await of('/b');
    assert.equal(asked, 4);
  });

  it('keeps no answer that comes after another account was chosen', async () => {
    const late = Promise.withResolvers<typeof usage>();
    const answers = [late.promise, Promise.resolve({ ...usage })];
    const recent = new RecentUsage(
      () => answers.shift() ?? assert.fail(),
      () => 0,
    );
    const former = recent.of('/a', signal, assert.ifError);
    recent.clear();
    late.resolve(usage);
    assert.equal(await former, usage);
    assert.notEqual(await recent.of('/a', signal, assert.ifError), usage);
  });

  it('tells of a failure once a minute, and keeps nothing of a cancelled request', async () => {
    let answer: Error = new Error('forbidden');
    const failures: unknown[] = [];
    const recent = new RecentUsage(
      () => Promise.reject(answer),
      () => 0,
    );
    const of = (id: string) => recent.of(id, signal, (error) => failures.push(error));
    assert.equal(await of('/a'), undefined);
    assert.equal(await of('/a'), undefined);
    assert.deepEqual(failures, [answer]);
    answer = cancellation();
    await assert.rejects(of('/b'), answer);
    await assert.rejects(of('/b'), answer);
  });
});
