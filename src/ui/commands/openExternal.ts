import * as vscode from 'vscode';

/** Opens an address in the browser, just as it is written: a `Uri` would encode parts of it that the portal reads as they are. */
export async function openExternal(url: string): Promise<void> {
  await vscode.env.openExternal(url as unknown as vscode.Uri); // VS Code takes a text too, which its types do not say
}
