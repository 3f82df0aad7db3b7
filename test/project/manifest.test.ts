import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readJson, readText, sourceFiles } from '../support/project.ts';

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Setting {
  readonly type: string;
  readonly scope?: string;
  readonly order?: number;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
  readonly markdownDescription?: string;
  readonly default?: unknown;
}

interface Manifest {
  readonly l10n: string;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
      readonly enablement?: string;
      readonly icon?: string;
    }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly configuration: readonly {
      readonly title: string;
      readonly order: number;
      readonly properties: Readonly<Record<string, Setting>>;
    }[];
  };
}

const manifest = readJson('package.json') as Manifest; // its schema is VS Code's
const { commands, menus, submenus, configuration } = manifest.contributes;
const texts = readJson('package.nls.json') as Readonly<Record<string, string>>;
const readme = readText('README.md').replaceAll(/\s+/g, ' ');
const sources = sourceFiles().map(readText).join('\n');

/** Of no use but from a row, a key or VS Code itself: they are not in the palette. */
const hidden = (menus['commandPalette'] ?? [])
  .filter(({ when }) => when === 'false')
  .map(({ command }) => command);

/** Small helpers of the view that explain themselves: the README says nothing of them. */
const notInReadme = [
  'clearFilter',
  'filter',
  'groupBy',
  'hideEmptySubscriptions',
  'refresh',
  'reloadLog',
  'selectSubscriptions',
  'showEmptySubscriptions',
  'showLog',
  'sortBy',
  'toggleLogTimestamps',
].map((name) => `containerInstances.${name}`);

/** Of use whatever is shown or signed in to: nothing limits them. */
const always = [
  'browseFiles',
  'clearFilter',
  'collectDiagnostics',
  'copyAzureCliCommand',
  'copyExecLink',
  'copyFqdn',
  'copyIpAddress',
  'copyResourceId',
  'delete',
  'download',
  'exec',
  'execWithCommand',
  'explainState',
  'filter',
  'followLogs',
  'forwardPort',
  'groupBy',
  'openFile',
  'openInBrowser',
  'openInPortal',
  'refresh',
  'restart',
  'runCommand',
  'selectSubscriptions',
  'showLog',
  'signIn',
  'signInAnother',
  'sortBy',
  'start',
  'stop',
  'upload',
  'viewLogs',
  'viewProperties',
].map((name) => `containerInstances.${name}`);

describe('the manifest', () => {
  const placed = Object.entries(menus).flatMap(([menu, items]) => items.map((item) => ({ menu, ...item })));

  for (const { command, title, category, enablement, icon } of commands) {
    it(`${command} is complete`, () => {
      assert.match(title, /^%commands\.\w+%$/);
      assert.equal(category, '%category%');
      const name = command.replace(/^containerInstances\./, '');
      assert.match(sources, new RegExp(`\\b${name}: (?:async )?\\(`), 'it is not registered');
      const items = placed.filter((item) => item.command === command);
      const inPalette = items.find(({ menu }) => menu === 'commandPalette');
      assert.ok(
        enablement !== undefined || inPalette?.when !== undefined || always.includes(command),
        'nothing says when it is of use',
      );
      if (items.some(({ group }) => group === 'inline' || group === 'navigation')) {
        assert.ok(icon, 'it stands inline without an icon');
      }
      const isTold = readme.includes(`**${texts[title.slice(1, -1)] ?? ''}**`);
      if (!hidden.includes(command)) {
        assert.notEqual(
          isTold,
          notInReadme.includes(command),
          'it is either in the README or left out of it',
        );
      }
    });
  }

  it('each item of a menu but those of the palette and the issue reporter says when it is shown', () => {
    const open = placed.filter(({ menu, when }) => when === undefined && menu !== 'issue/reporter');
    assert.deepEqual(open, []);
  });

  it('each item of a menu is a command that there is', () => {
    const known = new Set(commands.map(({ command }) => command));
    assert.deepEqual(
      placed.filter(({ command }) => command !== undefined && !known.has(command)),
      [],
    );
  });

  it('each submenu has a title, items, and a place in a menu', () => {
    const places = placed.flatMap(({ submenu }) => submenu ?? []);
    assert.deepEqual(
      submenus.map(({ id }) => id),
      places,
    );
    for (const { id, label } of submenus) {
      assert.match(label, /^%submenus\.\w+%$/);
      assert.ok((menus[id] ?? []).length > 1, id);
    }
  });

  const sections = configuration.map(({ order }) => order);
  it('the sections of the settings are in order', () => {
    assert.deepEqual(
      sections,
      [...sections.keys()].map((index) => index + 1),
    );
  });

  for (const { title, properties } of configuration) {
    it(`the settings of ${title} are in order`, () => {
      const orders = Object.values(properties).map(({ order }) => order);
      assert.deepEqual(
        orders,
        [...orders.keys()].map((index) => index + 1),
      );
    });
    for (const [name, setting] of Object.entries(properties)) {
      it(`${name} is read and described`, () => {
        const key = name.replace(/^containerInstances\./, '');
        assert.ok(sources.includes(`'${key}'`) || sources.includes(`'${name}'`), 'it is not read');
        assert.equal(setting.markdownDescription, `%settings.${key}%`);
        assert.ok(setting.scope && setting.default !== undefined, 'it has no scope or no default');
        const described = setting.markdownEnumDescriptions ?? setting.enumDescriptions;
        assert.equal(described?.length, setting.enum?.length);
        assert.ok(readme.includes(`\`${name}\``), 'it is not in the README');
      });
    }
  }

  it('a text that is shown as it stands has no Markdown', () => {
    const shown = [
      ...readText('package.json').matchAll(/"(?:description|enumDescriptions)": (?:"[^"]*"|\[[^\]]*\])/g),
    ].flatMap(([field]) => [...field.matchAll(/%([\w.]+)%/g)].map(([, key = '']) => key));
    const plain = shown.filter((key) => !key.startsWith('walkthrough.')); // VS Code reads these as Markdown
    assert.ok(plain.length > 10);
    assert.deepEqual(
      plain.filter((key) => /`|\*|\]\(/.test(texts[key] ?? '')),
      [],
    );
  });

  it('each text that it names is there, and no other', () => {
    const named = [...readText('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');
    assert.deepEqual([...new Set(named)].toSorted(), Object.keys(texts).toSorted());
  });
});
