import assert from 'node:assert/strict';
import { it } from 'node:test';
import ts from 'typescript';
import { readText } from '../support/project.ts';

const file = 'src/extension.ts';
const source = ts.createSourceFile(file, readText(file), ts.ScriptTarget.Latest, true);

const decides = (node: ts.Node): boolean =>
  ts.isIfStatement(node) ||
  ts.isConditionalExpression(node) ||
  ts.isSwitchStatement(node) ||
  ts.isIterationStatement(node, true) ||
  ts.isTryStatement(node) ||
  (ts.isBinaryExpression(node) && /^(?:&&|\|\||\?\?)=?$/.test(node.operatorToken.getText()));

const counts = (node: ts.Node): boolean =>
  ts.isPostfixUnaryExpression(node) ||
  (ts.isPrefixUnaryExpression(node) && /^(?:\+\+|--)/.test(node.getText())) ||
  (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Const) === 0);

const prompts = (node: ts.Node): boolean =>
  ts.isCallExpression(node) &&
  /\.(?:show\w*Message|showQuickPick|showInputBox|create(?:QuickPick|InputBox))$/.test(
    node.expression.getText(),
  );

it('extension.ts only constructs and registers: no condition, counter, prompt or second function', () => {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (decides(node) || counts(node) || prompts(node)) {
      found.push(node.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  assert.deepEqual(found, []);
  const functions = source.statements.filter(ts.isFunctionDeclaration).map(({ name }) => name?.text);
  assert.deepEqual(functions, ['activate']);
});
