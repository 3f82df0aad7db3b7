import assert from 'node:assert/strict';
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readJson, readText, root, sourceFiles } from '../support/project.ts';
import { withTables } from '../support/readmeTables.ts';

const readme = readText('README.md');

describe('the README', () => {
  it('has the permissions and settings that the sources and the manifest have', async () => {
    assert.equal(readme, await withTables(readme), 'npm run readme');
  });

  it('helps with messages that there are', () => {
    const [, section = ''] = /## When something is wrong\n([^]*?)\n## /.exec(readme) ?? [];
    const messages = [...section.matchAll(/^\| _(.+?)_ +\|/gm)].map(([, message = '']) => message);
    assert.ok(messages.length > 10);
    const texts = [
      ...Object.values(readJson('package.nls.json') as Readonly<Record<string, string>>),
      ...sourceFiles().map(readText),
    ];
    for (const message of messages) {
      const parts = message.split('…').map((part) => part.trim());
      assert.ok(
        texts.some((text) => parts.every((part) => text.replaceAll('\\"', '"').includes(part))),
        message,
      );
    }
  });

  it('shows pictures and links to files that there are', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, file = '']) => file);
    assert.ok(links.length > 5);
    assert.deepEqual(
      links.filter((file) => !existsSync(path.join(root, file))),
      [],
    );
  });
});

it('CONTRIBUTING says of each room of the sources what lives in it', () => {
  const contributing = readText('CONTRIBUTING.md');
  const files = globSync(['src/*/*.ts', 'src/ui/*/*.ts'], { cwd: root });
  const rooms = new Set(
    files.map((file) => `${path.relative('src', path.dirname(file)).replaceAll(path.sep, '/')}/`),
  );
  assert.ok(rooms.size > 10);
  assert.deepEqual(
    [...rooms].filter((room) => room !== 'ui/' && !contributing.includes(`| \`${room}\``)),
    [],
  );
});
