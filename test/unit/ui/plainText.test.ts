import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import { escapeMarkdown } from '../../../src/ui/messages/markdown.ts';
import { pickItem } from '../../../src/ui/messages/pickItem.ts';
import { plainText } from '../../../src/ui/messages/plainText.ts';

const hostile =
  'Sorry\u001b[2J\n[click](command:workbench.action.quit) $(zap) ![x](https://evil.example/x.png)';

/** What VS Code takes for a link in a notification or a view's message (its `linkedText.ts`). */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

/** What VS Code takes for an icon in a label (its `iconLabels.ts`). */
const icon = /(\\)?\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;

const parts = fc.constantFrom(
  '[',
  ']',
  '(',
  ')',
  '$',
  '$(',
  '](',
  'command:x',
  'zap',
  '\n',
  '\u001b',
  '\u202e',
  '\u2066',
  '\\',
  ' ',
);
const texts = fc.array(parts, { maxLength: 30 }).map((all) => all.join(''));

describe('plainText', () => {
  it('leaves no link, no icon and no control character', () => {
    assert.match(hostile, link);
    assert.match(hostile, icon);
    fc.assert(
      fc.property(fc.oneof(texts, fc.constant(hostile)), (text) => {
        const plain = plainText(text);
        assert.doesNotMatch(plain, link);
        assert.doesNotMatch(plain, icon);
        // eslint-disable-next-line no-control-regex -- control characters are what is looked for
        assert.doesNotMatch(plain, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('leaves our own sentences as they are, and cuts what no sentence is', () => {
    const sentence = 'Cannot reach h:19390 (HTTP 407). Check the one in "http.proxy" (and $PATH), [a] (b).';
    assert.equal(plainText(sentence), sentence);
    assert.ok(plainText('x'.repeat(1_000_000)).length < 5_000);
  });

  it('is what every text of a quick pick passes', () => {
    const item = pickItem({ label: hostile, description: hostile, detail: hostile });
    for (const text of Object.values(item)) {
      assert.doesNotMatch(text, icon);
    }
  });
});

describe('escapeMarkdown', () => {
  it('leaves no control character, and a bounded length', () => {
    assert.equal(escapeMarkdown('a\u001b\u202eb'), 'a b');
    assert.ok(escapeMarkdown('x'.repeat(1_000_000)).length < 5_000);
  });

  it('escapes everything that Markdown could take for more than text', () => {
    assert.equal(escapeMarkdown('a_b*[c](command:d)\n<e>'), 'a\\_b\\*\\[c\\]\\(command\\:d\\) \\<e\\>');
  });
});
