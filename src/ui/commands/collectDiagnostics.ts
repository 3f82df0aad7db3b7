import * as vscode from 'vscode';
import { withSignal } from '../cancellation.ts';
import { diagnostics, type DiagnosticsServices } from '../diagnostics/diagnostics.ts';

/** "Collect Diagnostics": opens a document to read, and to attach to a report. */
export async function collectDiagnostics(services: DiagnosticsServices): Promise<void> {
  const document = await vscode.workspace.openTextDocument({
    content: await collect(services),
    language: 'markdown',
  });
  await vscode.window.showTextDocument(document);
}

/** "Report Issue…" in VS Code's own issue reporter: the same document comes with the report. */
export async function reportIssue(services: DiagnosticsServices): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openIssueReporter', {
    extensionId: services.extension.id,
    extensionData: await collect(services),
  });
}

function collect(services: DiagnosticsServices): Thenable<string> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Collecting diagnostics…'),
      cancellable: true,
    },
    (_progress, token) => withSignal(token, (signal) => diagnostics(services, signal)),
  );
}
