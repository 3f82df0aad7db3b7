import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { redact, shorten } from '../../../src/base/redact.ts';

const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
const password = '9Nrd>l[y!peg3CWY.1Gd5Hs{R[[EOM]]';

describe('redact', () => {
  const rows: readonly (readonly [text: string, shown: string])[] = [
    [
      'GET wss://h.example:19390/execstream/sessionId/1?api-version=1.0&rows=24 Bearer eyJhbGciOi.eyJzdWIi.c2ln',
      'GET wss://h.example:19390/execstream/sessionId/1?… Bearer [token]',
    ],
    [`password ${password} refused`, 'password [password] refused'],
    [`{"password":"a'b ${password}"}`, `{"password":"a'b [password]"}`],
    [`token=${token},next`, 'token=[token],next'],
    ['Bearer EwBIA8l6BAAUbDba3x2OMJElkF7gJ4z', 'Bearer [token]'],
    ['the bearer token is wrong', 'the bearer token is wrong'],
    ["'https://a.example/x#secret'", "'https://a.example/x?…'"],
    ['see HTTPS://a.example/x?s=1, then go', 'see HTTPS://a.example/x?… then go'],
    [
      'http://user:pass@proxy.example:3128/,wss://b.example?s',
      'http://…@proxy.example:3128/,wss://b.example?…',
    ],
    ['user@example.com of https://a.example', 'user@example.com of https://a.example'],
    ['nothing secret in it: /a?b#c', 'nothing secret in it: /a?b#c'],
  ];
  for (const [text, shown] of rows) {
    it(shown, () => {
      assert.equal(redact(text), shown);
    });
  }

  it('takes a secret out wherever it stands, also where the text is cut', () => {
    const secrets = fc.constantFrom(
      token,
      password,
      `Bearer ${'x'.repeat(30)}`,
      'https://me:pass@h.example/x?sig=secret',
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.nat(20_000), secrets, (before, padding, secret) => {
        const shown = redact(`${before} ${'word '.repeat(padding / 5)}${secret} after`);
        assert.doesNotMatch(shown, /c2lnbmF0|peg3CWY|xxxxx|sig=|me:pass|eyJ/);
      }),
    );
  });
});

describe('shorten', () => {
  it('cuts between two words, and where there is one word only leaves nothing of it', () => {
    assert.equal(shorten('one two three', 9), 'one two…');
    assert.equal(shorten('one two three', 7), 'one two…');
    assert.equal(shorten('onetwothree', 7), '…');
    assert.equal(shorten('one two', 7), 'one two');
  });
});
