import * as vscode from 'vscode';
import { escapeMarkdown } from '../messages/markdown.ts';

/** A line of a tooltip; `drawn` is a picture of blocks in front of the value. A fact without a
 * value is left out, one without a name is a sentence of its own. */
export type Fact = readonly [name: string, value: string, drawn?: string];

/** A row's tooltip: a title and facts below it. Whatever is in them is shown as it is, never as Markdown. */
export function tooltip(title: string, facts: readonly Fact[]): vscode.MarkdownString {
  const lines = facts
    .filter(([, value]) => value !== '')
    .map(
      ([name, value, drawn]) =>
        `${name === '' ? '' : `${escapeMarkdown(name)}: `}${drawn === undefined ? '' : `\`${drawn}\` `}${escapeMarkdown(value)}`,
    );
  // Two blanks and a line break keep the lines of one paragraph apart: a long tooltip fits on the screen.
  // eslint-disable-next-line no-restricted-syntax -- all that is put in is escaped
  return new vscode.MarkdownString(`**${escapeMarkdown(title)}**\n\n${lines.join('  \n')}`);
}
