import * as vscode from 'vscode';
import { logScheme } from '../documents/logDocuments.ts';

/** The log document that a command acts on: that of the button that was clicked, else the one in front. */
export function logDocumentOf([resource]: readonly unknown[]): vscode.Uri | undefined {
  const uri = resource instanceof vscode.Uri ? resource : vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === logScheme ? uri : undefined;
}
