import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ESLint } from 'eslint';
import { rooms } from '../../eslint.config.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const rules: readonly (string | null)[] = [
  '@typescript-eslint/no-restricted-imports',
  'no-restricted-syntax',
  'no-restricted-properties',
];
const eslint = new ESLint({
  cwd: root,
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  ruleFilter: ({ ruleId }) => rules.includes(ruleId),
});

const atOnce = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;
const onFirstUse = (specifier: string) => `export const y = () => import('${specifier}');\n`;

/** What the linter says of one import in a file of a room. */
async function complaints(file: string, specifier: string, form = atOnce): Promise<readonly string[]> {
  return complaintsOf(file, form(specifier));
}

async function complaintsOf(file: string, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
  return (result?.messages ?? []).map(({ message }) => message);
}

describe('the walls of the core', () => {
  for (const [room, known] of Object.entries(rooms)) {
    for (const other of [...Object.keys(rooms), 'ui']) {
      const allowed = other === room || known.includes(other);
      it(`${room} ${allowed ? 'may' : 'may not'} import ${other}`, async () => {
        for (const [file, specifier, form] of [
          [`src/${room}/some.ts`, other === room ? './other.ts' : `../${other}/other.ts`, atOnce],
          [`src/${room}/deeper/some.ts`, `../../${other}/other.ts`, onFirstUse],
        ] as const) {
          const found = await complaints(file, specifier, form);
          assert.equal(found.length, allowed ? 0 : 1, `${file}: ${found.join()}`);
        }
      });
    }

    it(`${room} does not import vscode, nor the SDK when it is loaded`, async () => {
      for (const specifier of ['vscode', 'ws', '@azure/identity']) {
        assert.equal((await complaints(`src/${room}/some.ts`, specifier)).length, 1, specifier);
      }
      assert.equal((await complaints(`src/${room}/some.ts`, 'vscode', onFirstUse)).length, 1);
    });
  }

  it('the ui may import every room', async () => {
    for (const room of Object.keys(rooms)) {
      assert.deepEqual(await complaints('src/ui/some.ts', `../${room}/other.ts`), []);
    }
  });

  it('azure and terminal know nothing of each other', () => {
    assert.ok(!rooms['azure']?.includes('terminal') && !rooms['terminal']?.includes('azure'));
  });
});

describe('texts from outside', () => {
  for (const use of [
    'vscode.window.showErrorMessage(text)',
    'vscode.window.showQuickPick([], { title: text })',
    'vscode.window.showInputBox({ prompt: `of ${text}` })',
    "vscode.window.withProgress({ location, title: vscode.l10n.t('Start {0}', text) }, work)",
    'const options = { title: text }',
    'quickPick.placeholder = text',
    'view.message = text',
    'new vscode.MarkdownString(text)',
  ]) {
    it(`do not reach VS Code as they are: ${use}`, async () => {
      assert.equal((await complaintsOf('src/ui/some.ts', `${use};\n`)).length, 1);
    });
  }

  for (const use of [
    'showError(text)',
    "vscode.window.showQuickPick([], { title: plainText(text), placeHolder: vscode.l10n.t('Port') })",
    'view.message = plainText(text)',
    'view.message = undefined',
  ]) {
    it(`may be shown so: ${use}`, async () => {
      assert.deepEqual(await complaintsOf('src/ui/some.ts', `${use};\n`), []);
    });
  }
});
