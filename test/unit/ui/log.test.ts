import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toAzureError } from '../../../src/azure/errors.ts';
import { Log } from '../../../src/ui/log.ts';

function newLog() {
  const lines: string[] = [];
  const at = (level: string) => (text: string) => lines.push(`${level} ${text}`);
  const log = new Log({
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  });
  return { log, lines };
}

const secret = 'https://host.example/path?token=hunter2';

describe('Log', () => {
  it('has the stack of an error and of each of its causes, redacted', () => {
    const { log, lines } = newLog();
    function readSocket(): Error {
      return new Error(`socket of ${secret} hung up`);
    }
    const error = toAzureError(
      Object.assign(new Error('no answer', { cause: readSocket() }), { code: 'ECONNRESET' }),
    );
    log.error('Listing', error);
    const [text = ''] = lines;
    assert.match(text, /^error Listing: AzureError: unreachable\n {4}at /);
    assert.match(text, /\nCaused by: Error: no answer\n {4}at /);
    assert.match(
      text,
      /\nCaused by: Error: socket of https:\/\/host\.example\/path\?… hung up\n {4}at readSocket /,
    );
    assert.doesNotMatch(text, /hunter2/);
  });

  it('ends where causes go in a circle, and takes what is no error', () => {
    const { log, lines } = newLog();
    const error = new Error('round');
    error.cause = error;
    log.warn('Odd', error);
    log.warn('Odd', { token: 'hunter2' });
    assert.equal(lines.length, 2);
    assert.doesNotMatch(lines.join(), /hunter2/);
  });

  it('has no line of its own for a line break from outside, and no character that steers what shows it', () => {
    const { log, lines } = newLog();
    const forged =
      'no\r\n2026-01-01 00:00:00.000 [info] all is well\n    at Fake (a.ts:1)\u2028b\u001b[2J\u202ec\u2066\0';
    const error = new Error(forged, { cause: new Error('cause', { cause: forged }) });
    log.info(forged);
    log.error(forged, error);
    log.warn(forged, forged);
    const path = `/${forged}`;
    log.request({ method: 'GET', path, status: 200, tookMs: 1, correlationId: forged });
    for (const text of [...lines, ...log.recent]) {
      assert.doesNotMatch(text, /[^\n -~]/);
      for (const line of text.split('\n').slice(1)) {
        assert.match(line, /^(?: {4}at |Caused by: )/);
      }
    }
    assert.ok(lines[0]?.startsWith('info no\\u000d\\n2026-01-01'), lines[0]);
  });

  it('has one line for a request: method, path without query, status, milliseconds, correlation id', () => {
    const { log, lines } = newLog();
    const request = { method: 'GET', path: '/subscriptions', tookMs: 12.3, correlationId: 'c-1' };
    log.request({ ...request, status: 200 });
    log.request({ ...request, status: undefined, correlationId: undefined });
    assert.deepEqual(lines, [
      'trace GET /subscriptions 200 12 ms c-1',
      'trace GET /subscriptions no answer 12 ms no correlation id',
    ]);
  });
});
