import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { readJson, readText, root, sourceFiles } from '../support/project.ts';

type Texts = Readonly<Record<string, string>>;

/** The English texts of the sources; each is its own key in a translation. */
function textsOfSources(): ReadonlySet<string> {
  const texts = new Set<string>();
  for (const file of sourceFiles()) {
    const source = ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText().endsWith('l10n.t')) {
        const [message] = node.arguments;
        assert.ok(
          message !== undefined && ts.isStringLiteralLike(message),
          `${file}: ${node.getText()}: no translation is found for a text that is put together`,
        );
        texts.add(message.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return texts;
}

/** What a translation must not change: places for values, code, commands and addresses. */
function fixedParts(text: string): readonly string[] {
  return (text.match(/\{\d+\}|`[^`]*`|\]\([^)]*\)|\*\*|…/g) ?? []).toSorted();
}

/** How a translation differs from what it translates; each list is empty where it is complete. */
function differences(english: ReadonlyMap<string, string>, translated: Texts) {
  return {
    missing: [...english.keys()].filter((key) => (translated[key] ?? '') === ''),
    superfluous: Object.keys(translated).filter((key) => !english.has(key)),
    changed: [...english].filter(
      ([key, text]) =>
        translated[key] !== undefined && fixedParts(text).join() !== fixedParts(translated[key]).join(),
    ),
  };
}

const complete = { missing: [], superfluous: [], changed: [] };
const texts = new Map([...textsOfSources()].map((text) => [text, text]));
const manifestTexts = new Map(Object.entries(readJson('package.nls.json') as Texts));

describe('translations', () => {
  it('there is German', () => {
    assert.deepEqual(globSync('{package.nls,l10n/bundle.l10n}.de.json', { cwd: root }).length, 2);
    assert.ok(texts.size > 100);
  });

  for (const file of globSync('l10n/bundle.l10n.*.json', { cwd: root })) {
    it(`${file} has each text of the sources, and no other`, () => {
      assert.deepEqual(differences(texts, readJson(file) as Texts), complete);
    });
  }

  for (const file of globSync('package.nls.*.json', { cwd: root })) {
    it(`${file} has each text of package.nls.json, and no other`, () => {
      assert.deepEqual(differences(manifestTexts, readJson(file) as Texts), complete);
    });
  }

  it('a title that a text names is translated as the command itself', () => {
    const german = readJson('package.nls.de.json') as Texts;
    const translations = [
      ...Object.entries(readJson('l10n/bundle.l10n.de.json') as Texts),
      ...[...manifestTexts].map(([key, text]) => [text, german[key] ?? ''] as const),
    ];
    const titles = [...manifestTexts].filter(([key]) => key.startsWith('commands.'));
    for (const [text, translation] of translations) {
      for (const [key, title] of titles) {
        const [quoted, bold] = [`„${german[key] ?? ''}“`, `**${german[key] ?? ''}**`];
        assert.ok(!text.includes(`"${title}"`) || translation.includes(quoted), `${key} in: ${translation}`);
        assert.ok(!text.includes(`**${title}**`) || translation.includes(bold), `${key} in: ${translation}`);
      }
    }
  });
});
