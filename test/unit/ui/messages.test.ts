import assert from 'node:assert/strict';
import { it } from 'node:test';
import ts from 'typescript';
import { readText, sourceFiles } from '../../support/project.ts';

/** Files whose explanations stand alone; those of other files have their next step beside them. */
const alone = ['problems', 'remoteShells', 'files', 'ports'].map((name) => `src/ui/messages/${name}.ts`);

const saysWhatToDo =
  /\b(run|check|try|refresh|start|wait|ask|sign in|sign-in|add|set|correct|use|opens|choose|includes|select|look|install|rename|delete|download)\b/i;

/** Parts of a message, and those in which Azure's own words say it. */
const exceptions = [
  'Cannot reach {0} ({1}). {2}',
  'throttled until {0}',
  '{0} of {1} failed. {2}',
  '"{0}": {1}',
  'Port {0} of container "{1}" cannot be reached now. {2}',
  'Downloaded {0}, without {1} that could not be taken, such as: {2}',
  'Azure answered {0}: {1}',
  'Azure answered {0}: {1} (correlation id {2})',
];

/** The English texts that tell of something that went wrong: where they are, and what they say. */
function problemTexts(): readonly (readonly [file: string, text: string])[] {
  return sourceFiles().flatMap((file) => {
    const texts: string[] = [];
    const visit = (node: ts.Node, isShown: boolean): void => {
      const isCall = ts.isCallExpression(node);
      const name = isCall ? node.expression.getText() : '';
      if (isCall && name === 'vscode.l10n.t' && isShown) {
        const [text] = node.arguments;
        assert.ok(text !== undefined && ts.isStringLiteralLike(text));
        texts.push(text.text);
      }
      const shows =
        isShown ||
        name === 'showError' ||
        name === 'showWarning' ||
        (alone.includes(file) &&
          ts.isFunctionDeclaration(node) &&
          node.name?.text.startsWith('explain') === true);
      ts.forEachChild(node, (child) => visit(child, shows));
    };
    visit(ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true), false);
    return texts.map((text) => [file, text] as const);
  });
}

it('each message that something went wrong names something to do', () => {
  const texts = problemTexts();
  assert.ok(texts.length > 30);
  const idle = texts.filter(([, text]) => !saysWhatToDo.test(text) && !exceptions.includes(text));
  assert.deepEqual(idle, []);
  const known = new Set(texts.map(([, text]) => text));
  assert.deepEqual(
    exceptions.filter((text) => !known.has(text)),
    [],
  );
});
