import * as vscode from 'vscode';
import { plainText } from './plainText.ts';

/** Says that something failed. Nothing waits until the user has read it. */
export function showError(text: string): void {
  void vscode.window.showErrorMessage(plainText(text));
}

/** Says why something is not done, with buttons for what can be done about it. */
export function showWarning(text: string, buttons: readonly vscode.Command[] = []): void {
  void vscode.window.showWarningMessage(plainText(text), ...items(buttons)).then(runChosen);
}

/** Says what has been done, with buttons for what can be done next. */
export function showInformation(text: string, buttons: readonly vscode.Command[] = []): void {
  void vscode.window.showInformationMessage(plainText(text), ...items(buttons)).then(runChosen);
}

interface ButtonItem extends vscode.MessageItem {
  readonly button: vscode.Command;
}

function items(buttons: readonly vscode.Command[]): readonly ButtonItem[] {
  return buttons.map((button) => ({ title: button.title, button }));
}

function runChosen(chosen: ButtonItem | undefined): void {
  if (chosen !== undefined) {
    // Each command of ours tells itself what goes wrong.
    const { command, arguments: args = [] } = chosen.button;
    void vscode.commands.executeCommand(command, ...(args as unknown[])); // the manifest's own, as any[]
  }
}

/** Asks in a dialog, with what it means below it; resolves to whether the user wants to. */
export async function confirm(text: string, action: string, detail = ''): Promise<boolean> {
  const options = { modal: true, detail: detail.split('\n').map(plainText).join('\n') };
  return (await vscode.window.showWarningMessage(plainText(text), options, action)) === action;
}

/**
 * Does work of which a notification with Cancel tells only where it lasts, with `detail` after its title. Cancel aborts
 * the signal.
 * @throws what the work throws.
 */
export async function withLateProgress<T>(
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
  detail?: string,
): Promise<T> {
  const controller = new AbortController();
  const result = work(controller.signal);
  const settled = result.then(
    () => undefined,
    () => undefined,
  );
  const timer = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable: true },
      (progress, token) => {
        if (detail !== undefined) {
          progress.report({ message: plainText(detail) });
        }
        token.onCancellationRequested(() => controller.abort());
        return settled;
      },
    );
  }, lateMs);
  try {
    return await result;
  } finally {
    clearTimeout(timer);
  }
}

/** The time in which work needs no notification, in milliseconds. */
const lateMs = 2_000;
