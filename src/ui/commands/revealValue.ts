import * as vscode from 'vscode';
import type { PropertiesDocuments } from '../documents/propertiesDocuments.ts';

/** Shows one environment value of a properties document, or masks it again: the lens above it passes both. */
export function revealValue(
  isRevealed: boolean,
  [uri, pointer]: readonly unknown[],
  documents: PropertiesDocuments,
): void {
  if (uri instanceof vscode.Uri && typeof pointer === 'string') {
    documents.setRevealed(uri, pointer, isRevealed);
  }
}
