import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readJson, readText, root, sourceFiles } from '../support/project.ts';

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly image: Readonly<Record<string, string>>; readonly altText: string };
  readonly completionEvents: readonly string[];
}

// its schema is VS Code's
const { commands, views, walkthroughs } = (
  readJson('package.json') as {
    readonly contributes: {
      readonly commands: readonly { readonly command: string }[];
      readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
      readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
    };
  }
).contributes;
const texts = readJson('package.nls.json') as Readonly<Record<string, string>>;
const sources = sourceFiles().map(readText).join('\n');
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const viewIds = Object.values(views)
  .flat()
  .map(({ id }) => id);

/** VS Code's own, besides those of the extension and those that VS Code makes for its views. */
const ofVsCode = ['workbench.action.openSettings', 'workbench.action.toggleMaximizedPanel'];
const known = new Set([
  ...commands.map(({ command }) => command),
  ...viewIds.map((id) => `${id}.focus`),
  ...ofVsCode,
]);

/** What VS Code waits for is something that the extension does. */
function assertHappens(event: string): void {
  const [, kind, argument = ''] = /^(\w+):(.*)$/.exec(event) ?? [];
  switch (kind) {
    case 'onCommand':
      assert.ok(known.has(argument), event);
      break;
    case 'onView':
      assert.ok(viewIds.includes(argument), event);
      break;
    case 'onContext':
      assert.ok(sources.includes(`'${/(?:^resourceScheme == )?(\S+)/.exec(argument)?.[1] ?? ''}'`), event);
      break;
    default:
      assert.fail(event);
  }
}

describe('the walkthrough', () => {
  it('has a step for each thing that a new user does', () => {
    assert.deepEqual(
      steps.map(({ id }) => id),
      ['signIn', 'find', 'exec', 'resize', 'logs', 'files'],
    );
  });

  for (const { id, description, media, completionEvents } of steps) {
    it(`${id} has a button, commands that there are, and an event that completes it`, () => {
      const text = texts[description.slice(1, -1)] ?? '';
      assert.match(text, /\n\[[^\]]+\]\(command:[^)]+\)$/, 'a link on a line of its own is a button');
      for (const [, command = ''] of text.matchAll(/\(command:([\w.]+)/g)) {
        assert.ok(known.has(command), command);
      }
      assert.ok(completionEvents.length > 0);
      completionEvents.forEach(assertHappens);
    });

    it(`${id} has a small picture for each kind of theme, and words for it`, () => {
      assert.deepEqual(Object.keys(media.image).toSorted(), ['dark', 'hc', 'hcLight', 'light']);
      assert.notEqual(media.image['dark'], media.image['light']);
      assert.ok((texts[media.altText.slice(1, -1)] ?? '').length > 20);
      for (const file of Object.values(media.image)) {
        assert.match(file, /^media\/walkthrough\/\w+-(dark|light)\.png$/); // what .vscodeignore lets in
        assert.ok(statSync(path.join(root, file)).size < 6_000, `${file} is large for the VSIX`);
      }
    });
  }
});
