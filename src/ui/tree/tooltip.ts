import * as vscode from 'vscode';
import { escapeMarkdown } from '../messages/markdown.ts';

/** A row's tooltip: a title and facts below it; one without a name is a sentence of its own. Whatever is in them is shown as it is, never as Markdown. */
export function tooltip(
  title: string,
  facts: readonly (readonly [name: string, value: string])[],
): vscode.MarkdownString {
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(([name, value]) => escapeMarkdown(name === '' ? value : `${name}: ${value}`));
  return new vscode.MarkdownString([`**${escapeMarkdown(title)}**`, ...lines].join('\n\n'));
}
