import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { AccessToken, GetTokenOptions } from '@azure/core-auth';
import { AzureError } from '../../../src/azure/errors.ts';
import { TokenCache } from '../../../src/azure/tokenCache.ts';

const scope = 'https://arm.example/.default';
const hour = 3_600_000;

/** A credential that answers when the test says so. */
class SlowCredential {
  readonly asked: (GetTokenOptions & { readonly scopes: readonly string[] })[] = [];
  private readonly open: PromiseWithResolvers<AccessToken | null>[] = [];
  readonly cache = new TokenCache({
    getToken: (scopes, options) => {
      this.asked.push({ scopes: [scopes].flat(), ...options });
      const answer = Promise.withResolvers<AccessToken | null>();
      this.open.push(answer);
      return answer.promise;
    },
  });

  answer(token: string, lifetimeMs = hour): void {
    this.open.shift()?.resolve({ token, expiresOnTimestamp: Date.now() + lifetimeMs });
  }

  fail(error: Error): void {
    this.open.shift()?.reject(error);
  }

  /** Fifty ask at the same time. */
  ask(options: GetTokenOptions = {}): Promise<readonly (string | undefined)[]> {
    return Promise.all(
      Array.from({ length: 50 }, async () => (await this.cache.getToken([scope], options))?.token),
    );
  }
}

const all = (token: string) => Array.from({ length: 50 }, () => token);

describe('fifty requests at once', () => {
  it('ask once for the first token, and share it', async () => {
    const credential = new SlowCredential();
    const asked = credential.ask();
    credential.answer('first');
    assert.deepEqual(await asked, all('first'));
    assert.deepEqual(await credential.ask(), all('first'));
    assert.equal(credential.asked.length, 1);
  });

  it('ask once for the next token when theirs runs out', async (context) => {
    const credential = new SlowCredential();
    const first = credential.ask();
    credential.answer('first');
    await first;
    pass(context, hour - 5_000);
    const second = credential.ask();
    credential.answer('second');
    assert.deepEqual(await second, all('second'));
    assert.equal(credential.asked.length, 2);
  });

  it('use theirs to its end while the next one is fetched', async (context) => {
    const credential = new SlowCredential();
    const first = credential.ask();
    credential.answer('first');
    await first;
    pass(context, hour - 60_000);
    assert.deepEqual(await credential.ask(), all('first'));
    assert.deepEqual(await credential.ask(), all('first'));
    assert.equal(credential.asked.length, 2);
    credential.fail(new Error('not now'));
    await settle();
    assert.deepEqual(await credential.ask(), all('first'));
    credential.answer('second');
    await settle();
    assert.deepEqual(await credential.ask(), all('second'));
    assert.equal(credential.asked.length, 3);
  });

  it('learn once that there is none, and the next one asks again', async () => {
    const credential = new SlowCredential();
    const asked = credential.ask();
    credential.fail(new TypeError('x is not a function'));
    await assert.rejects(asked, AzureError);
    const again = credential.ask();
    credential.answer('second');
    assert.deepEqual(await again, all('second'));
    assert.equal(credential.asked.length, 2);
  });

  it('that are told that their token is good no longer ask once for another', async () => {
    const credential = new SlowCredential();
    const first = credential.ask();
    credential.answer('revoked');
    await first;
    const { version } = credential.cache;
    const again = Array.from({ length: 50 }, () => {
      credential.cache.forget(version);
      return credential.cache.getToken(scope);
    });
    credential.answer('new');
    assert.ok((await Promise.all(again)).every((token) => token?.token === 'new'));
    assert.equal(credential.asked.length, 2);
  });

  it('that meet the same challenge put it once', async () => {
    const credential = new SlowCredential();
    const first = credential.ask();
    credential.answer('first');
    await first;
    const challenged = credential.ask({ claims: '{"a":1}' });
    credential.answer('stronger');
    assert.deepEqual(await challenged, all('stronger'));
    assert.deepEqual(await credential.ask(), all('stronger'));
    assert.deepEqual(
      credential.asked.map(({ claims }) => claims),
      [undefined, '{"a":1}'],
    );
    // The same challenge again means that the token does not answer it.
    void credential.ask({ claims: '{"a":1}' });
    assert.equal(credential.asked.length, 3);
  });

  it('of two tenants or scopes ask once for each of them', async () => {
    const credential = new SlowCredential();
    const asked = [credential.ask(), credential.ask({ tenantId: 'fabrikam' })];
    const other = credential.cache.getToken('https://other.example/.default');
    const text = credential.cache.getToken(scope); // as a text or as a list, it is the same
    credential.answer('own');
    credential.answer('guest');
    credential.answer('other');
    assert.deepEqual(await Promise.all(asked), [all('own'), all('guest')]);
    assert.deepEqual([(await other)?.token, (await text)?.token], ['other', 'own']);
    assert.equal(credential.asked.length, 3);
  });

  it('of which one is cancelled: the others get theirs', async () => {
    const credential = new SlowCredential();
    const controller = new AbortController();
    const cancelled = credential.cache.getToken(scope, { abortSignal: controller.signal });
    const asked = credential.ask();
    controller.abort();
    assert.equal(credential.asked[0]?.abortSignal, undefined);
    credential.answer('first');
    assert.deepEqual(await asked, all('first'));
    await cancelled;
  });
});

it('a token is not good for longer when the clock is set back', async (context) => {
  const credential = new SlowCredential();
  const first = credential.ask();
  credential.answer('first');
  await first;
  pass(context, hour, 0);
  const second = credential.ask();
  credential.answer('second');
  assert.deepEqual(await second, all('second'));
});

it('a token that is forgotten while it is on its way is not kept', async () => {
  const credential = new SlowCredential();
  const first = credential.ask();
  credential.cache.forget(credential.cache.version);
  const second = credential.ask();
  credential.answer('first');
  credential.answer('second');
  assert.deepEqual(await first, all('first'));
  assert.deepEqual(await second, all('second'));
  assert.deepEqual(await credential.ask(), all('second'));
});

/** Lets time pass; wall time goes on otherwise where it is told to. */
function pass(context: TestContext, ms: number, wallMs = ms): void {
  const monotonic = performance.now();
  const wall = Date.now();
  context.mock.method(performance, 'now', () => monotonic + ms);
  context.mock.method(Date, 'now', () => wall + wallMs);
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
