import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const sdk = {
  group: ['@azure/*', 'ws'],
  allowTypeImports: true,
  message: 'Load it with `await import()` on first use: opening VS Code loads no SDK.',
};

/**
 * The rooms of the core, and which others each of them may know.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const rooms = {
  base: [],
  azure: ['base'],
  inventory: ['azure', 'base'],
  terminal: ['base'],
  exec: ['terminal', 'azure', 'base'],
  logs: ['azure', 'base'],
  ports: ['exec', 'base'],
  files: ['exec', 'azure', 'base'],
};

/**
 * What holds one room's wall: imports go to the room itself and to those that it knows.
 * @param {string} room
 * @param {readonly string[]} known
 * @returns {import('eslint').Linter.RulesRecord}
 */
function wallOf(room, known) {
  const others = [...Object.keys(rooms), 'ui'].filter((other) => other !== room && !known.includes(other));
  const regex = String.raw`^(\.\./)+(${others.join('|')})/`;
  const message = `src/${room} knows only ${['itself', ...known].join(', ')}.`;
  const vscode = { name: 'vscode', message: 'The core knows nothing of VS Code.' };
  const selector = `ImportExpression[source.value=/${regex.replaceAll('/', String.raw`\/`)}|^vscode$/]`;
  return {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { paths: [vscode], patterns: [sdk, { regex, message }] },
    ],
    'no-restricted-syntax': ['error', { selector, message }], // the same for `await import()`
  };
}

/**
 * Selects where a text is given to VS Code that is neither `plainText(…)` nor a sentence with nothing filled in.
 * @param {string} node
 * @param {string} name Where the node has the name of what is set.
 * @param {string} value Where it has the text.
 */
function shownAs(node, name, value) {
  const isShown = `[${name}=/^(title|prompt|placeHolder|placeholder|message|validationMessage)$/]`;
  const isPlain = `[${value}.callee.name='plainText']`;
  const isSentence = `[${value}.callee.property.name='t'][${value}.arguments.length=1]`;
  const isNothing = `[${value}.type='Identifier'][${value}.name='undefined']`;
  return `${node}${isShown}:not(${isPlain}):not(${isSentence}):not(${isNothing})`;
}

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.cache/', 'test-results/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/prefer-readonly': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [sdk] }] },
  },
  ...Object.entries(rooms).map(([room, known]) => ({
    files: [`src/${room}/**/*.ts`],
    rules: wallOf(room, known),
  })),
  {
    files: ['src/**/*.ts'],
    ignores: ['src/ui/messages/notify.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['showErrorMessage', 'showWarningMessage', 'showInformationMessage'].map((property) => ({
          property,
          message: 'Texts from outside may hold links: src/ui/messages/notify.ts takes them out.',
        })),
      ],
    },
  },
  {
    files: ['src/ui/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          `:matches(CallExpression[callee.property.name=/^(withProgress|showQuickPick|showInputBox)$/], VariableDeclarator[id.name='options']) > ObjectExpression > ${shownAs('Property', 'key.name', 'value')}`,
          `${shownAs('AssignmentExpression', 'left.property.name', 'right')}:not([left.object.type='ThisExpression'])`,
        ].map((selector) => ({
          selector,
          message: 'Texts from outside may hold links, icons and controls: `plainText` takes them out.',
        })),
        {
          selector: "NewExpression[callee.property.name='MarkdownString']",
          message: 'Texts from outside may hold Markdown: src/ui/tree/tooltip.ts escapes it.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['it', 'describe', 'test', 'suite'] },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly' },
    },
  },
);
