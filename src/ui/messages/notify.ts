import * as vscode from 'vscode';
import { plainText } from './plainText.ts';

/** Says that something failed. Nothing waits until the user has read it. */
export function showError(text: string): void {
  void vscode.window.showErrorMessage(plainText(text));
}

/** Says why something is not done. */
export function showWarning(text: string): void {
  void vscode.window.showWarningMessage(plainText(text));
}

export function showInformation(text: string): void {
  void vscode.window.showInformationMessage(plainText(text));
}

/** Asks in a dialog; resolves to whether the user wants to. */
export async function confirm(text: string, action: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(plainText(text), { modal: true }, action)) === action;
}
